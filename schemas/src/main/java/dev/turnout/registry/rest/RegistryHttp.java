package dev.turnout.registry.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to whichever registry URL answers: the one that answered last is asked first, the others
 * follow, and the whole round repeats with growing pauses.
 */
final class RegistryHttp {

  static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

  /** Longest answer, in bytes; the largest schema in use anywhere is far from it. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final String ERROR_CODE = "error_code";
  private static final String NO_REGISTRY =
      "this does not look like a Schema Registry: check the path in " + RegistrySettings.URL_CONFIG;

  private static final Logger LOG = LoggerFactory.getLogger(RegistryHttp.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistrySettings settings;
  private final HttpClient client;
  private final RetryPolicy<JsonNode> retry;
  private volatile int preferred;

  RegistryHttp(RegistrySettings settings) {
    this.settings = settings;
    this.client = client(settings);
    this.retry =
        RetryPolicy.<JsonNode>builder()
            .handle(RegistryUnavailableException.class)
            .withMaxRetries(settings.maxRetries())
            .withBackoff(settings.retryWait(), settings.retryMaxWait().plusMillis(1))
            .withJitter(0.2)
            .onRetry(
                event ->
                    LOG.atWarn()
                        .setMessage("schema registry does not answer, trying again")
                        .addKeyValue("urls", settings.urls())
                        .addKeyValue("attempt", event.getAttemptCount())
                        .setCause(event.getLastException())
                        .log())
            .build();
  }

  private static HttpClient client(RegistrySettings settings) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // a redirected POST would become a GET, and the password go to whoever is named
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout());
    if (!settings.tls().isEmpty()) {
      SSLContext context = RegistryTls.context(settings.tls());
      builder.sslContext(context);
      if (RegistryTls.ignoresHostName(settings.tls())) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("");
        builder.sslParameters(parameters);
      }
    }
    return builder.build();
  }

  List<String> urls() {
    return settings.urls();
  }

  /**
   * Sends one request.
   *
   * @param path below the base URL, beginning with a slash
   * @return the JSON answer
   * @throws RegistryUnavailableException if no URL answered in any round
   * @throws RegistryRefusedException if a registry answered with an error that is about the
   *     request, or if what answers at each URL is none: a page, a redirect, no JSON
   */
  JsonNode send(String method, String path, @Nullable String body) {
    try {
      return Failsafe.with(retry).get(() -> round(method, path, body));
    } catch (FailsafeException failed) {
      if (failed.getCause() instanceof InterruptedException interrupted) {
        throw new InterruptException(interrupted);
      }
      throw failed;
    }
  }

  private JsonNode round(String method, String path, @Nullable String body)
      throws InterruptedException {
    int first = preferred;
    @Nullable Exception last = null;
    @Nullable RegistryRefusedException stranger = null;
    String why = "";
    for (int i = 0; i < settings.urls().size(); i++) {
      int index = (first + i) % settings.urls().size();
      String url = settings.urls().get(index);
      try {
        HttpResponse<String> response = exchange(request(url, method, path, body));
        if (transientStatus(response.statusCode())) {
          why = url + " answered HTTP " + response.statusCode();
          continue;
        }
        JsonNode json = json(response.body());
        boolean good = response.statusCode() / 100 == 2 && !json.isMissingNode();
        if (good || json.has(ERROR_CODE)) {
          preferred = index;
          if (good) {
            return json;
          }
          throw refused(url, method, path, response, json);
        }
        // what stands before a registry answered; another URL may lead to one
        stranger = refused(url, method, path, response, json);
      } catch (IOException failed) {
        last = failed;
        why = url + ": " + describe(failed);
      }
    }
    if (stranger != null) {
      throw stranger;
    }
    throw new RegistryUnavailableException(
        "no schema registry answered "
            + method
            + " "
            + path
            + " at "
            + settings.urls()
            + " (last: "
            + why
            + "); check "
            + RegistrySettings.URL_CONFIG
            + " and that the registry runs",
        last);
  }

  private static boolean transientStatus(int status) {
    return (status >= 500 && status != 501) || status == 429 || status == 408;
  }

  /** The client's own time-out ends with the answer's headers; this one covers its body too. */
  private HttpResponse<String> exchange(HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, info -> new RegistryBody(MOST_BYTES));
    long wait = settings.connectTimeout().plus(settings.readTimeout()).toMillis();
    try {
      return answer.get(wait, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new HttpTimeoutException("no complete answer within " + wait + " ms");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException inOut) {
        throw inOut;
      }
      throw new IOException(failed.getCause());
    } finally {
      boolean unusedEnded = answer.cancel(true);
    }
  }

  private HttpRequest request(String url, String method, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(settings.readTimeout())
            .header("Accept", MEDIA_TYPE + ", application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", MEDIA_TYPE);
    }
    @Nullable String authorization = settings.credentials().authorization();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }

  private static RegistryRefusedException refused(
      String url, String method, String path, HttpResponse<String> response, JsonNode json) {
    int status = response.statusCode();
    int code = json.path(ERROR_CODE).asInt(status);
    String said = json.path("message").asText("");
    return new RegistryRefusedException(
        "schema registry "
            + url
            + " refused "
            + method
            + " "
            + path
            + ": HTTP "
            + status
            + (code == status ? "" : " (" + code + ")")
            + (said.isEmpty() ? "" : ", " + said)
            + "; "
            + remedy(response, json),
        status,
        code);
  }

  private static String remedy(HttpResponse<String> response, JsonNode json) {
    int status = response.statusCode();
    if (status / 100 == 3) {
      return "it redirects to "
          + response.headers().firstValue("Location").orElse("nowhere")
          + ", which is not followed: put the registry's own address into "
          + RegistrySettings.URL_CONFIG;
    }
    return switch (status) {
      case 401 -> "check basic.auth.* or bearer.auth.*";
      case 403 -> "the credentials lack the right for this subject";
      case 409 ->
          "the schema breaks the subject's compatibility rule: change the schema, or the"
              + " rule by PUT /config/<subject>";
      case 422 -> "the registry takes the schema for invalid";
      default -> json.has(ERROR_CODE) ? "see the registry's message" : NO_REGISTRY;
    };
  }

  /**
   * A number that every registry's answer has.
   *
   * @param what was asked for, in words
   * @throws RegistryRefusedException if it is not there: something else answered
   */
  int number(JsonNode answer, String field, String what) {
    JsonNode value = answer.path(field);
    if (!value.isInt()) {
      throw misshapen(field, what);
    }
    return value.asInt();
  }

  /** A text that every registry's answer has; as {@link #number}. */
  String text(JsonNode answer, String field, String what) {
    JsonNode value = answer.path(field);
    if (!value.isTextual()) {
      throw misshapen(field, what);
    }
    return value.asText();
  }

  private RegistryRefusedException misshapen(String field, String what) {
    return new RegistryRefusedException(
        "what answers at "
            + urls()
            + " says nothing of \""
            + field
            + "\" about "
            + what
            + "; "
            + NO_REGISTRY,
        200,
        200);
  }

  static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static String describe(IOException failed) {
    return failed.getMessage() == null
        ? failed.getClass().getSimpleName()
        : failed.getClass().getSimpleName() + ": " + failed.getMessage();
  }
}
