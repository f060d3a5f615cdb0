package dev.turnout.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.topic.FieldLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiLlmClientTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANSWER =
      """
      {"choices":[{"message":{"role":"assistant","content":"Because."}}],
       "usage":{"prompt_tokens":1000,"completion_tokens":500}}
      """;

  private final LinkedBlockingDeque<Reply> replies = new LinkedBlockingDeque<>();
  private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private HttpServer server;

  private record Reply(int status, String body, Duration delay) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/v1/chat/completions", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    bodies.add(JSON.readTree(exchange.getRequestBody()));
    authorizations.add("" + exchange.getRequestHeaders().getFirst("Authorization"));
    Reply reply = replies.size() > 1 ? replies.poll() : replies.element();
    try {
      Thread.sleep(reply.delay().toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void reply(int status, String body) {
    replies.add(new Reply(status, body, Duration.ZERO));
  }

  private OpenAiLlmClient client(@Nullable String key, int attempts, Duration timeout) {
    return new OpenAiLlmClient(
        new OpenAiSettings(
            "acme/small",
            URI.create("http://localhost:" + server.getAddress().getPort() + "/v1"),
            "small-1",
            key,
            timeout,
            attempts,
            64,
            new TokenPrices(1, 2)));
  }

  private OpenAiLlmClient client() {
    return client("k3y", 3, Duration.ofSeconds(10));
  }

  private static RoutedRequest request() {
    return EdgeCluster.request("q1", "acme/small", Map.of());
  }

  @Test
  void shouldGiveUpAServerThatNeverStopsTalking() {
    // given
    reply(200, "{\"choices\":[" + " ".repeat(6 * FieldLimits.ANSWER + (2 << 20)) + ANSWER);

    // when, then
    assertThatThrownBy(() -> client().complete(request()).join())
        .cause()
        .isInstanceOfSatisfying(
            LlmException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LlmException.Kind.REJECTED))
        .hasMessageContaining("more than 13631488 bytes");
    assertThat(bodies).hasSize(1);
  }

  @Test
  void shouldAskAndPriceTheAnswer() {
    // given
    reply(200, ANSWER);

    // when
    Completion completion = client().complete(request()).join();

    // then
    assertThat(completion.answer()).isEqualTo("Because.");
    assertThat(completion.promptTokens()).isEqualTo(1_000);
    assertThat(completion.completionTokens()).isEqualTo(500);
    assertThat(completion.costUsd()).isEqualTo((1_000 * 1 + 500 * 2) / 1e6);
    assertThat(completion.latency()).isPositive();
    JsonNode body = bodies.get(0);
    assertThat(body.path("model").asText()).isEqualTo("small-1");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(64);
    assertThat(body.path("messages").get(0).path("content").asText())
        .isEqualTo("Why is the sky blue?");
    assertThat(authorizations).containsExactly("Bearer k3y");
  }

  @Test
  void shouldSendAWholeConversation() {
    reply(200, ANSWER);
    String conversation =
        "[{\"role\":\"system\",\"content\":\"Be brief\"},{\"role\":\"user\",\"content\":\"Hi\"}]";

    client()
        .complete(EdgeCluster.request("q", "m", Map.of(OpenAiLlmClient.MESSAGES, conversation)))
        .join();

    assertThat(bodies.get(0).path("messages")).hasToString(conversation);
  }

  @Test
  void shouldTryAgainWhenTheServerIsBusy() {
    reply(429, "{\"error\":{\"message\":\"slow down\"}}");
    reply(503, "");
    reply(200, ANSWER);

    assertThat(client().complete(request()).join().answer()).isEqualTo("Because.");
    assertThat(bodies).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "400, REJECTED, context too long",
    "401, MISCONFIGURED, check the API key",
    "404, MISCONFIGURED, check the base URL",
    "500, TRANSIENT, HTTP 500",
  })
  void shouldTellKindsOfFailureApart(int status, LlmException.Kind kind, String words) {
    reply(status, "{\"error\":{\"message\":\"context too long\"}}");

    assertThatThrownBy(() -> client("k3y", 1, Duration.ofSeconds(10)).complete(request()).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .asInstanceOf(InstanceOfAssertFactories.type(LlmException.class))
        .satisfies(
            failure -> {
              assertThat(failure.kind()).isEqualTo(kind);
              assertThat(failure).hasMessageContaining(words).hasMessageContaining("acme/small");
              assertThat(failure).hasMessageNotContaining("k3y");
            });
  }

  @Test
  void shouldGiveUpInTime() {
    replies.add(new Reply(200, ANSWER, Duration.ofSeconds(5)));

    assertThatThrownBy(() -> client(null, 3, Duration.ofMillis(200)).complete(request()).join())
        .cause()
        .asInstanceOf(InstanceOfAssertFactories.type(LlmException.class))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(LlmException.Kind.TIMED_OUT));
  }

  @Test
  void shouldNotAskAfterTheDeadline() {
    reply(200, ANSWER);
    Query late =
        Query.newBuilder()
            .setId("late")
            .setText("?")
            .setDeadline(Instant.now().minusSeconds(1))
            .build();

    assertThatThrownBy(() -> client().complete(EdgeCluster.request(late, "acme/small")).join())
        .cause()
        .asInstanceOf(InstanceOfAssertFactories.type(LlmException.class))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(LlmException.Kind.TIMED_OUT));
    assertThat(bodies).isEmpty();
  }
}
