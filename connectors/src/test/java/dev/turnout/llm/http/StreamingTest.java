package dev.turnout.llm.http;

import static dev.turnout.llm.http.ChatSamples.chat;
import static dev.turnout.llm.http.ChatSamples.client;
import static dev.turnout.llm.http.ChatSamples.endpoint;
import static dev.turnout.llm.http.ChatSamples.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.TokenPrices;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamingTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HI = "{\"messages\":[],\"stream_options\":{\"x\":1}}";
  private static final String ROLE =
      event(
          "{\"id\":\"c1\",\"model\":\"small-1\",\"system_fingerprint\":\"fp\",\"choices\":"
              + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
  private static final String DONE = "data: [DONE]\n\n";

  private final StubLlmServer server = StubLlmServer.start();
  private final ChatSamples.Pieces pieces = new ChatSamples.Pieces();

  @AfterEach
  void stop() {
    server.close();
  }

  private static String event(String json) {
    return "data: " + json + "\n\n";
  }

  private static String delta(String delta) {
    return event("{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}");
  }

  private static String end(String reason) {
    return event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
  }

  @Test
  void shouldHandOnPiecesAndPutThemTogether() throws Exception {
    // given
    String usage =
        event(
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}");
    server.thenStream(
        ROLE,
        ": keep-alive\r\n\r\n",
        delta("{\"reasoning_content\":\"hm\"}"),
        delta("{\"content\":\"Be\"}") + delta("{\"content\":\"cause.\"}"),
        delta(
            "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"f\",\"arguments\":\"{\\\"x\\\"\"}}]}"),
        delta(
            "{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"g\",\"arguments\":\"{}\"}},"
                + "{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}"),
        event(
            "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"Other\"},\"logprobs\":"
                + "{\"content\":[{\"token\":\"O\"}]},\"finish_reason\":\"stop\"}]}"),
        event(
            "{\"choices\":[{\"index\":1,\"delta\":{},\"logprobs\":"
                + "{\"content\":[{\"token\":\"P\"}]}}]}"),
        end("tool_calls"),
        usage,
        DONE);
    HttpLlmClient client =
        new HttpLlmClient(endpoint(server, "/v1").withPrices(new TokenPrices(1, 2, 0.5)));

    // when
    Completion completion = client.complete(chat(true, HI), pieces).join();

    // then
    assertThat(server.body().path("stream").asBoolean()).isTrue();
    assertThat(server.body().path("stream_options"))
        .isEqualTo(JSON.readTree("{\"x\":1,\"include_usage\":true}"));
    assertThat(pieces.texts).hasSize(10);
    assertThat(pieces.texts.get(0)).contains("\"role\":\"assistant\"");
    assertThat(completion.answer()).isEqualTo("Because.");
    assertThat(completion.costUsd()).isEqualTo((6 * 1 + 4 * 0.5 + 20 * 2) / 1e6);
    Completion.Chat chat = Objects.requireNonNull(completion.chat());
    assertThat(chat.firstToken()).isPositive().isLessThanOrEqualTo(completion.latency());
    assertThat(chat.cachedPromptTokens()).isEqualTo(4);
    JsonNode expected =
        JSON.readTree(
            """
            {"id":"c1","object":"chat.completion","model":"small-1","system_fingerprint":"fp",
             "usage":{"prompt_tokens":10,"completion_tokens":20,
               "prompt_tokens_details":{"cached_tokens":4}},
             "choices":[
               {"index":0,"message":{"role":"assistant","content":"Because.",
                 "reasoning_content":"hm","tool_calls":[
                  {"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}},
                  {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},
                "finish_reason":"tool_calls"},
               {"index":1,"message":{"role":"assistant","content":"Other"},
                "logprobs":{"content":[{"token":"O"},{"token":"P"}]},"finish_reason":"stop"}]}
            """);
    assertThat(JSON.readTree(chat.response())).isEqualTo(expected);
  }

  @Test
  void shouldHandOnTheFirstTokenAsSoonAsItIsThere() throws Exception {
    // given: an answer that goes on until the client leaves
    server.thenStream(ROLE, delta("{\"content\":\"B\"}"), "");

    // when
    CompletableFuture<Completion> answer = client(server).complete(chat(true, HI), pieces);

    // then
    pieces.await(2);
    assertThat(answer).isNotDone();
    answer.cancel(true);
  }

  @Test
  void shouldEndTheExchangeWhenTheFutureIsCancelled() throws Exception {
    // given
    server.thenStream(ROLE, delta("{\"content\":\"B\"}"), "");
    CompletableFuture<Completion> answer = client(server).complete(chat(true, HI), pieces);
    pieces.await(2);

    // when
    answer.cancel(true);

    // then
    assertThat(server.clientLeaves()).isTrue();
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void shouldEndAnExchangeThatHasNotAnsweredYetWhenCancelled() throws Exception {
    // given
    server.then(
        (exchange, stub) -> {
          // a byte that nobody takes tells that the other side has gone
          Thread.sleep(1_500);
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 500; i++) {
            exchange.getResponseBody().write(new byte[10_000]);
            exchange.getResponseBody().flush();
            Thread.sleep(10);
          }
        });
    CompletableFuture<Completion> answer = client(server).complete(chat(false, "{}"));
    server.awaitAsked();

    // when
    answer.cancel(true);

    // then
    assertThat(server.clientLeaves()).isTrue();
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void shouldReportAnErrorInsideTheStream() {
    server.thenStream(
        ROLE,
        delta("{\"content\":\"B\"}"),
        event("{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":503}}"));

    LlmException failure = failure(client(server).complete(chat(true, HI), pieces));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TRANSIENT);
    assertThat(failure).hasMessageContaining("overloaded");
    assertThat(Objects.requireNonNull(failure.refusal()).status()).isEqualTo(503);
    // somebody has read the beginning
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void shouldTryAgainWhileNothingWasHandedOn() {
    // given: the role is nothing yet, and a bare error is data, too
    server
        .thenStream(ROLE, "{\"error\":{\"message\":\"busy\",\"code\":429}}\n")
        .thenStream(ROLE, delta("{\"content\":\"B\"}"), end("stop"), DONE);

    Completion completion = client(server).complete(chat(true, HI), pieces).join();

    assertThat(completion.answer()).isEqualTo("B");
    assertThat(pieces.texts).hasSize(3);
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void shouldNotTakeAStreamThatBreaksOffForAnAnswer() {
    server.thenStream(ROLE, delta("{\"content\":\"B\"}"));

    LlmException failure = failure(client(server).complete(chat(true, HI), pieces));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TRANSIENT);
    assertThat(failure).hasMessageContaining("broke off");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void shouldTakeAFinishReasonForTheEnd() {
    server.thenStream(ROLE, delta("{\"content\":\"B\"}"), end("length").strip());

    Completion completion = client(server).complete(chat(true, HI), pieces).join();

    assertThat(Objects.requireNonNull(completion.chat()).response())
        .contains("\"finish_reason\":\"length\"");
  }

  @Test
  void shouldGiveUpAStreamThatFallsSilent() throws Exception {
    // given: the stub's wait sends blank lines, so silence is a reply that sleeps
    server.then(
        (exchange, stub) -> {
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(ROLE.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          Thread.sleep(20_000);
        });
    LlmEndpoint impatient =
        endpoint(server, "/v1")
            .withAttempts(1)
            .withWaits(new LlmEndpoint.Waits(Duration.ofSeconds(60), Duration.ofMillis(300)));

    LlmException failure = failure(new HttpLlmClient(impatient).complete(chat(true, HI), pieces));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TIMED_OUT);
  }

  @Test
  void shouldGiveUpAStreamThatNeverEnds() throws Exception {
    // given: alive all the time
    server.thenStream(ROLE, "");
    LlmEndpoint bounded =
        endpoint(server, "/v1")
            .withWaits(new LlmEndpoint.Waits(Duration.ofMillis(500), Duration.ofSeconds(30)));

    LlmException failure = failure(new HttpLlmClient(bounded).complete(chat(true, HI), pieces));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TIMED_OUT);
    assertThat(server.clientLeaves()).isTrue();
  }

  @Test
  void shouldBoundAnAnswer() {
    String much = delta("{\"content\":\"" + "x".repeat(900_000) + "\"}");
    server.thenStream(ROLE, much, much, much, much, much, end("stop"), DONE);

    LlmException failure = failure(client(server).complete(chat(true, HI), pieces));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.REJECTED);
    assertThat(failure).hasMessageContaining("more than 4194304");
  }

  @Test
  void shouldMakeAPieceOfAnAnswerThatCameWhole() throws Exception {
    server.then(
        200,
        "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
            + "{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}");

    Completion completion = client(server).complete(chat(true, HI), pieces).join();

    assertThat(completion.answer()).isEqualTo("Hi");
    assertThat(pieces.texts).hasSize(1);
    JsonNode piece = JSON.readTree(pieces.texts.get(0));
    assertThat(piece.path("object").asText()).isEqualTo("chat.completion.chunk");
    assertThat(piece.at("/choices/0/delta/content").asText()).isEqualTo("Hi");
    assertThat(piece.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }
}
