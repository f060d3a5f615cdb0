package dev.turnout.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Asks a server that speaks OpenAI's chat-completions API. */
public final class OpenAiLlmClient implements LlmClient {

  /** Key of a query's metadata that holds a whole conversation, as OpenAI's JSON array. */
  public static final String MESSAGES = "openai.messages";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_QUOTE = 300;

  /** The largest answer with every byte escaped as JSON may escape it, and some room. */
  private static final int LARGEST_RESPONSE = 6 * FieldLimits.ANSWER + (1 << 20);

  private final OpenAiSettings settings;
  private final HttpClient http;
  private final Clock clock;
  private final FailsafeExecutor<Completion> retrying;

  /** With the JVM's own trusted certificates. */
  public OpenAiLlmClient(OpenAiSettings settings) {
    this(settings, null, Clock.systemUTC());
  }

  /**
   * With other certificates.
   *
   * @param tls certificates to trust and to show; null takes the JVM's own
   * @param clock for the queries' deadlines
   */
  public OpenAiLlmClient(OpenAiSettings settings, @Nullable SSLContext tls, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    this.http = (tls == null ? builder : builder.sslContext(tls)).build();
    this.retrying =
        Failsafe.with(
            RetryPolicy.<Completion>builder()
                .handleIf(OpenAiLlmClient::worthAnotherAttempt)
                .withMaxAttempts(settings.attempts())
                .withBackoff(Duration.ofMillis(500), Duration.ofSeconds(20))
                .withJitter(0.3)
                .build());
  }

  private static boolean worthAnotherAttempt(Throwable failure) {
    return cause(failure) instanceof LlmException llm && llm.kind() == LlmException.Kind.TRANSIENT;
  }

  private static Throwable cause(Throwable failure) {
    @Nullable Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request) {
    Query query = request.getQuery();
    return retrying.getStageAsync(() -> attempt(messages(query), query.getId(), timeout(query)));
  }

  private Duration timeout(Query query) {
    if (query.getDeadline() == null) {
      return settings.timeout();
    }
    Duration left = Duration.between(clock.instant(), query.getDeadline());
    if (left.isNegative() || left.isZero()) {
      throw new LlmException(
          LlmException.Kind.TIMED_OUT,
          "query " + LogText.of(query.getId()) + ": its deadline has passed",
          null);
    }
    return left.compareTo(settings.timeout()) < 0 ? left : settings.timeout();
  }

  private static ArrayNode messages(Query query) {
    String conversation = query.getMetadata().get(MESSAGES);
    if (conversation != null) {
      try {
        if (JSON.readTree(conversation) instanceof ArrayNode array && !array.isEmpty()) {
          return array;
        }
      } catch (JsonProcessingException notJson) {
        throw new LlmException(
            LlmException.Kind.REJECTED,
            "query "
                + LogText.of(query.getId())
                + ": metadata \""
                + MESSAGES
                + "\" is not a JSON array",
            notJson);
      }
    }
    ArrayNode messages = JSON.createArrayNode();
    messages.addObject().put("role", "user").put("content", query.getText());
    return messages;
  }

  private CompletionStage<Completion> attempt(
      ArrayNode messages, String queryId, Duration timeout) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", settings.model());
    body.set("messages", messages);
    if (settings.maxOutputTokens() > 0) {
      body.put("max_tokens", settings.maxOutputTokens());
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.endpoint())
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    if (settings.apiKey() != null) {
      request.header("Authorization", "Bearer " + settings.apiKey());
    }
    long start = System.nanoTime();
    return http.sendAsync(request.build(), BoundedBody.atMost(LARGEST_RESPONSE))
        .handle(
            (response, failure) -> {
              if (response == null) {
                throw unreachable(queryId, failure);
              }
              return completion(queryId, response, Duration.ofNanos(System.nanoTime() - start));
            });
  }

  private LlmException unreachable(String queryId, @Nullable Throwable failure) {
    @Nullable Throwable cause = failure == null ? null : cause(failure);
    if (hasTooLarge(cause)) {
      return new LlmException(
          LlmException.Kind.REJECTED,
          place(queryId)
              + "the response has more than "
              + LARGEST_RESPONSE
              + " bytes; limit the length of its answers",
          cause);
    }
    if (cause instanceof HttpTimeoutException) {
      return new LlmException(
          LlmException.Kind.TIMED_OUT, place(queryId) + "no answer in time", cause);
    }
    return new LlmException(
        cause instanceof IOException
            ? LlmException.Kind.TRANSIENT
            : LlmException.Kind.MISCONFIGURED,
        place(queryId) + "not reachable (" + cause + "); check the base URL",
        cause);
  }

  private static boolean hasTooLarge(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BoundedBody.TooLargeException) {
        return true;
      }
    }
    return false;
  }

  private Completion completion(String queryId, HttpResponse<String> response, Duration latency) {
    JsonNode json = json(response.body());
    if (response.statusCode() != 200) {
      throw refused(queryId, response, json);
    }
    JsonNode content = json.path("choices").path(0).path("message").path("content");
    if (!content.isTextual()) {
      throw new LlmException(
          LlmException.Kind.REJECTED,
          place(queryId)
              + "the answer has no choices[0].message.content: "
              + quote(response.body()),
          null);
    }
    Long promptTokens = tokens(json, "prompt_tokens");
    Long completionTokens = tokens(json, "completion_tokens");
    TokenPrices prices = settings.prices();
    return new Completion(
        content.asText(),
        promptTokens,
        completionTokens,
        prices == null ? null : prices.cost(promptTokens, completionTokens),
        latency);
  }

  private LlmException refused(String queryId, HttpResponse<String> response, JsonNode json) {
    int status = response.statusCode();
    String said = json.path("error").path("message").asText(quote(response.body()));
    LlmException.Kind kind =
        switch (status) {
          case 408, 409, 429 -> LlmException.Kind.TRANSIENT;
          case 401, 403, 404, 405 -> LlmException.Kind.MISCONFIGURED;
          default -> status >= 500 ? LlmException.Kind.TRANSIENT : LlmException.Kind.REJECTED;
        };
    String remedy =
        switch (status) {
          case 401, 403 -> "; check the API key";
          case 404, 405 -> "; check the base URL and the model's name";
          default -> "";
        };
    return new LlmException(kind, place(queryId) + "HTTP " + status + ": " + said + remedy, null);
  }

  private String place(String queryId) {
    return "llm \""
        + settings.llm()
        + "\" ("
        + settings.model()
        + " at "
        + OpenAiSettings.withoutSecrets(settings.baseUrl())
        + "), query "
        + LogText.of(queryId)
        + ": ";
  }

  private static @Nullable Long tokens(JsonNode json, String field) {
    JsonNode count = json.path("usage").path(field);
    return count.isNumber() ? count.asLong() : null;
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static String quote(String body) {
    return body.length() <= LONGEST_QUOTE ? body : body.substring(0, LONGEST_QUOTE) + "…";
  }
}
