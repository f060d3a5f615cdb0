package dev.turnout.llm.http;

import static dev.turnout.llm.http.ChatSamples.chat;
import static dev.turnout.llm.http.ChatSamples.client;
import static dev.turnout.llm.http.ChatSamples.endpoint;
import static dev.turnout.llm.http.ChatSamples.failure;
import static dev.turnout.llm.http.ChatSamples.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.TokenPrices;
import dev.turnout.schema.Query;
import dev.turnout.topic.FieldLimits;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpLlmClientTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANSWER =
      """
      {"choices":[{"message":{"role":"assistant","content":"Because."},"finish_reason":"length"}],
       "usage":{"prompt_tokens":1000,"completion_tokens":500,
         "prompt_tokens_details":{"cached_tokens":400},
         "completion_tokens_details":{"reasoning_tokens":100}}}
      """;
  private static final String HI = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private final StubLlmServer server = StubLlmServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldAskATextAndPriceTheAnswer() {
    // given
    server.then(200, ANSWER);
    LlmEndpoint priced =
        endpoint(server, "/v1")
            .withLimits(new LlmEndpoint.OutputLimits(64, 0))
            .withPrices(new TokenPrices(1, 2, 0.5));

    // when
    Completion completion = new HttpLlmClient(priced).complete(text()).join();

    // then
    assertThat(completion.answer()).isEqualTo("Because.");
    assertThat(completion.promptTokens()).isEqualTo(1_000);
    assertThat(completion.completionTokens()).isEqualTo(500);
    assertThat(completion.costUsd()).isEqualTo((600 * 1 + 400 * 0.5 + 500 * 2) / 1e6);
    assertThat(completion.latency()).isPositive();
    assertThat(completion.chat()).isNull();
    assertThat(server.body().path("model").asText()).isEqualTo("small-1");
    assertThat(server.body().path("max_tokens").asInt()).isEqualTo(64);
    assertThat(server.body().path("messages").get(0).path("content").asText())
        .isEqualTo("Why is the sky blue?");
    assertThat(server.asked().get(0).header("Authorization")).isEqualTo("Bearer k3y");
  }

  @Test
  void shouldSendAChatAsItsClientDid() throws Exception {
    // given: everything a client may say, and what nobody knows
    server.then(200, ANSWER);
    String body =
        """
        {"model":"auto","stream":false,"stream_options":{"include_usage":true},"max_tokens":4000,
         "temperature":0.10,"top_p":1.0,"seed":123456789012345678901,"stop":["a"],"n":2,
         "response_format":{"type":"json_object"},"logprobs":true,"user":"u","metadata":{"a":"b"},
         "tools":[{"type":"function","function":{"name":"f","parameters":{}}}],
         "tool_choice":"auto","never_heard_of":{"x":[1,null,1e-7]},
         "messages":[{"role":"developer","content":"Be brief"},
           {"role":"user","content":[{"type":"text","text":"What is it?"},
             {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}
        """;

    // when
    Completion completion = client(server).complete(chat(false, body)).join();

    // then
    ObjectNode expected = (ObjectNode) JSON.readTree(body);
    expected.put("model", "small-1").remove(java.util.List.of("stream", "stream_options"));
    assertThat(server.body()).isEqualTo(expected);
    Completion.Chat whole = Objects.requireNonNull(completion.chat());
    assertThat(JSON.readTree(whole.response())).isEqualTo(JSON.readTree(ANSWER));
    assertThat(whole.cachedPromptTokens()).isEqualTo(400);
    assertThat(whole.reasoningTokens()).isEqualTo(100);
    assertThat(whole.firstToken()).isNull();
  }

  @Test
  void shouldLimitAChatOnlyWhereItsClientDoesNot() {
    server.then(200, ANSWER);
    HttpLlmClient limited =
        new HttpLlmClient(endpoint(server, "/v1").withLimits(new LlmEndpoint.OutputLimits(64, 99)));

    limited.complete(chat(false, HI)).join();
    assertThat(server.body().path("max_tokens").asInt()).isEqualTo(99);

    limited.complete(chat(false, HI.replace("{\"m", "{\"max_completion_tokens\":7,\"m"))).join();
    assertThat(server.body().path("max_completion_tokens").asInt()).isEqualTo(7);
    assertThat(server.body().has("max_tokens")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "COMPATIBLE, max_tokens, developer, Authorization, Bearer k3y",
    "OPENAI, max_completion_tokens, developer, Authorization, Bearer k3y",
    "AZURE, max_completion_tokens, developer, api-key, k3y",
    "VLLM, max_tokens, system, Authorization, Bearer k3y",
    "OLLAMA, max_tokens, system, Authorization, Bearer k3y",
    "LLAMA_CPP, max_tokens, system, Authorization, Bearer k3y",
  })
  void shouldSpeakTheServersDialect(
      Dialect dialect, String limit, String role, String header, String key) {
    server.then(200, ANSWER);

    client(server, dialect)
        .complete(
            chat(
                false,
                "{\"max_tokens\":5,\"messages\":[{\"role\":\"developer\",\"content\":\"x\"}]}"))
        .join();

    assertThat(server.body().path(limit).asInt()).isEqualTo(5);
    assertThat(server.body().path("messages").get(0).path("role").asText()).isEqualTo(role);
    assertThat(server.asked().get(0).header(header)).isEqualTo(key);
  }

  @Test
  void shouldLearnTheNameOfTheLimitFromARefusal() {
    // given: a newer model behind an address that does not say so
    server.then(
        (exchange, stub) ->
            new StubReplies(stub.body().has("max_tokens")).orElse(ANSWER).to(exchange, stub));
    HttpLlmClient client = client(server);
    String body = "{\"max_tokens\":4000,\"messages\":[]}";

    // when
    client.complete(chat(false, body)).join();
    client.complete(chat(false, body)).join();

    // then: once refused, never again
    assertThat(server.asked()).hasSize(3);
    assertThat(server.body().path("max_completion_tokens").asInt()).isEqualTo(4_000);
    assertThat(client.refusedParameters()).hasSize(1);
  }

  /** Refuses any max_tokens as OpenAI's newer models do. */
  private record StubReplies(boolean refuse) {
    StubLlmServer.Reply orElse(String answer) {
      String refusal =
          "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with this"
              + " model. Use 'max_completion_tokens' instead.\",\"type\":\"invalid_request_error\","
              + "\"param\":\"max_tokens\",\"code\":\"unsupported_parameter\"}}";
      return (exchange, stub) -> {
        byte[] bytes =
            (refuse ? refusal : answer).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(refuse ? 400 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
      };
    }
  }

  @Test
  void shouldTakeACallOfToolsForAnAnswer() {
    server.then(
        200,
        "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"c\"}]},"
            + "\"finish_reason\":\"tool_calls\"}]}");

    Completion completion = client(server).complete(chat(false, HI)).join();

    assertThat(completion.answer()).isEmpty();
    assertThat(Objects.requireNonNull(completion.chat()).response()).contains("tool_calls");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1, /v1/chat/completions",
    "/v1/, /v1/chat/completions",
    "/v1/chat/completions, /v1/chat/completions",
    "/openai/deployments/x?api-version=2024-10-21&a=b, /openai/deployments/x/chat/completions?api-version=2024-10-21&a=b",
  })
  void shouldPutThePathBeforeTheQueryString(String base, String asked) {
    server.then(200, ANSWER);

    new HttpLlmClient(endpoint(server, base)).complete(text()).join();

    assertThat(server.asked().get(0).uri()).isEqualTo(URI.create(asked));
  }

  @Test
  void shouldGiveUpAServerThatNeverStopsTalking() {
    server.then(200, "{\"choices\":[" + " ".repeat(6 * FieldLimits.ANSWER + (2 << 20)) + ANSWER);

    LlmException failure = failure(client(server).complete(text()));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.REJECTED);
    assertThat(failure).hasMessageContaining("more than 13631488 bytes");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void shouldTryAgainWhenTheServerIsBusy() {
    server.then(429, "{\"error\":{\"message\":\"slow down\"}}").then(503, "").then(200, ANSWER);

    assertThat(client(server).complete(text()).join().answer()).isEqualTo("Because.");
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void shouldCallAsOftenAsAttemptsSay() {
    server.then(500, "{\"error\":{\"message\":\"boom\"}}");

    LlmException failure =
        failure(new HttpLlmClient(endpoint(server, "/v1").withAttempts(2)).complete(text()));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TRANSIENT);
    assertThat(server.asked()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"401, check the API key", "403, check the API key", "404, check the base URL"})
  void shouldAskOnceWhereAPersonHasToAct(int status, String words) {
    server.then(status, "{\"error\":{\"message\":\"key sk-1 of http://10.0.0.7/ is not good\"}}");

    LlmException failure = failure(client(server).complete(chat(false, HI)));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.MISCONFIGURED);
    assertThat(failure).hasMessageContaining(words).hasMessageContaining("acme/small");
    assertThat(failure.getMessage()).doesNotContain("k3y", "sk-1", "localhost", "10.0.0.7");
    assertThat(Objects.requireNonNull(failure.refusal()).body()).isNull();
    assertThat(server.asked()).hasSize(1);
    // the log, not the client, reads where it was
    assertThat(failure.getCause()).hasMessageContaining("localhost:" + server.port());
  }

  @Test
  void shouldGiveBackTheLlmsOwnWordsOnAMistakeOfTheClient() throws Exception {
    // given
    server.then(
        400,
        "{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens (see"
            + " http://10.0.0.7:8000/x and gpu-3.internal:8000, or https://platform.openai.com/docs)"
            + "\",\"type\":\"invalid_request_error\",\"param\":\"messages\","
            + "\"code\":\"context_length_exceeded\"}}");

    // when
    LlmException failure = failure(client(server).complete(chat(false, HI)));

    // then
    assertThat(failure.kind()).isEqualTo(LlmException.Kind.REJECTED);
    assertThat(server.asked()).hasSize(1);
    LlmException.Refusal refusal = Objects.requireNonNull(failure.refusal());
    assertThat(refusal.status()).isEqualTo(400);
    JsonNode error = JSON.readTree(refusal.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(error.path("message").asText())
        .contains("4096 tokens", "https://platform.openai.com/docs")
        .doesNotContain("10.0.0.7", "internal");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"object\":\"error\",\"message\":\"too long\",\"type\":\"BadRequestError\",\"code\":400}",
        "{\"error\":\"too long\"}",
        "{\"detail\":\"too long\"}",
        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"too long\"}}",
      })
  void shouldReadErrorsInEveryForm(String body) throws Exception {
    server.then(400, body);

    LlmException failure = failure(client(server).complete(chat(false, HI)));

    JsonNode error = JSON.readTree(Objects.requireNonNull(failure.refusal()).body()).path("error");
    assertThat(error.path("message").asText()).isEqualTo("too long");
    assertThat(error.has("type") && error.has("param") && error.has("code")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "rate_limit_error, TRANSIENT, 429, 2",
    "overloaded_error, TRANSIENT, 503, 2",
    "invalid_request_error, REJECTED, 400, 1",
    "authentication_error, MISCONFIGURED, 401, 1",
    "whatever, TRANSIENT, 500, 2",
  })
  void shouldFindTheErrorInAGoodResponse(
      String type, LlmException.Kind kind, int status, int calls) {
    server.then(200, "{\"error\":{\"message\":\"no\",\"type\":\"" + type + "\"}}");

    LlmException failure =
        failure(new HttpLlmClient(endpoint(server, "/v1").withAttempts(2)).complete(text()));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(Objects.requireNonNull(failure.refusal()).status()).isEqualTo(status);
    assertThat(server.asked()).hasSize(calls);
  }

  @Test
  void shouldFollowARedirectWithinTheHost() {
    server
        .then(307, Map.of("Location", "/moved/v1/chat/completions"), "")
        .then(301, Map.of("Location", server.url("/again").toString()), "")
        .then(200, ANSWER);

    assertThat(client(server).complete(text()).join().answer()).isEqualTo("Because.");

    assertThat(server.asked())
        .extracting(asked -> asked.uri().getPath())
        .containsExactly("/v1/chat/completions", "/moved/v1/chat/completions", "/again");
    assertThat(server.asked())
        .allSatisfy(
            asked -> {
              assertThat(asked.header("Authorization")).isEqualTo("Bearer k3y");
              assertThat(asked.body().path("model").asText()).isEqualTo("small-1");
            });
  }

  @Test
  void shouldExplainARedirectThatItDoesNotFollow() {
    server.then(302, Map.of("Location", "http://127.0.0.1:1/login"), "");

    LlmException failure = failure(client(server).complete(text()));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.MISCONFIGURED);
    assertThat(failure).hasMessageContaining("another host").hasMessageNotContaining("127.0.0.1");
    assertThat(failure.getCause()).hasMessageContaining("127.0.0.1");
  }

  @Test
  void shouldGiveUpInTime() {
    server.then(
        StubLlmServer.after(
            Duration.ofSeconds(20), (exchange, stub) -> exchange.sendResponseHeaders(200, -1)));
    LlmEndpoint hasty =
        endpoint(server, "/v1")
            .withWaits(new LlmEndpoint.Waits(Duration.ofMillis(200), Duration.ofSeconds(9)));

    LlmException failure = failure(new HttpLlmClient(hasty).complete(text()));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TIMED_OUT);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void shouldGiveUpABodyThatDoesNotCome() {
    // given: headers at once, then nothing
    server.then(
        (exchange, stub) -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().flush();
          Thread.sleep(20_000);
        });
    LlmEndpoint hasty =
        endpoint(server, "/v1")
            .withWaits(new LlmEndpoint.Waits(Duration.ofMillis(300), Duration.ofSeconds(9)));

    assertThat(failure(new HttpLlmClient(hasty).complete(text())).kind())
        .isEqualTo(LlmException.Kind.TIMED_OUT);
  }

  @Test
  void shouldNotAskAfterTheDeadline() {
    server.then(200, ANSWER);
    Query late =
        Query.newBuilder()
            .setId("late")
            .setText("?")
            .setDeadline(Instant.now().minusSeconds(1))
            .build();

    LlmException failure =
        failure(client(server).complete(EdgeCluster.request(late, "acme/small")));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TIMED_OUT);
    assertThat(server.asked()).isEmpty();
  }
}
