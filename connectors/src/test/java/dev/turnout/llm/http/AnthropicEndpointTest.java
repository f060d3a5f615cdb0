package dev.turnout.llm.http;

import static dev.turnout.llm.http.ChatSamples.chat;
import static dev.turnout.llm.http.ChatSamples.client;
import static dev.turnout.llm.http.ChatSamples.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnthropicEndpointTest {

  private static final String HI =
      "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private final StubLlmServer server = StubLlmServer.start();
  private final ChatSamples.Pieces pieces = new ChatSamples.Pieces();

  @AfterEach
  void stop() {
    server.close();
  }

  private static String event(String type, String rest) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}\n\n";
  }

  @Test
  void shouldAskAnthropicAndAnswerAsAChat() {
    // given
    server.then(
        200,
        "{\"id\":\"m\",\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}],"
            + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}");

    // when
    Completion completion = client(server, Dialect.ANTHROPIC).complete(chat(false, HI)).join();

    // then
    assertThat(completion.answer()).isEqualTo("Hello");
    assertThat(completion.promptTokens()).isEqualTo(3);
    StubLlmServer.Asked asked = server.asked().get(0);
    assertThat(asked.uri().getPath()).isEqualTo("/v1/messages");
    assertThat(asked.header("x-api-key")).isEqualTo("k3y");
    assertThat(asked.header("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(asked.header("Authorization")).isEqualTo("null");
  }

  @Test
  void shouldStreamFromAnthropic() {
    // given
    server.thenStream(
        event("message_start", ",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":3}}"),
        event("ping", ""),
        event(
            "content_block_delta",
            ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}"),
        event(
            "message_delta",
            ",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}"),
        event("message_stop", ""));

    // when
    Completion completion =
        client(server, Dialect.ANTHROPIC).complete(chat(true, HI), pieces).join();

    // then
    assertThat(completion.answer()).isEqualTo("Hello");
    assertThat(completion.completionTokens()).isEqualTo(2);
    assertThat(pieces.texts).hasSize(4);
  }

  @Test
  void shouldReportAnErrorOfTheStream() {
    server.thenStream(
        event("message_start", ",\"message\":{\"id\":\"m\"}"),
        event(
            "content_block_delta",
            ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"H\"}"),
        event("error", ",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}"));

    LlmException failure =
        failure(client(server, Dialect.ANTHROPIC).complete(chat(true, HI), pieces));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.TRANSIENT);
    assertThat(Objects.requireNonNull(failure.refusal()).status()).isEqualTo(503);
  }

  @Test
  void shouldRefuseUnaskedWhatItCannotDo() {
    LlmException failure =
        failure(
            client(server, Dialect.ANTHROPIC).complete(chat(false, "{\"n\":2,\"messages\":[]}")));

    assertThat(failure.kind()).isEqualTo(LlmException.Kind.REJECTED);
    LlmException.Refusal refusal = Objects.requireNonNull(failure.refusal());
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.body()).contains("\"param\":\"n\"", "unsupported_parameter");
    assertThat(server.asked()).isEmpty();
  }
}
