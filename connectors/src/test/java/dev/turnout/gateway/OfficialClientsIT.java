package dev.turnout.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.schema.Query;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the clients of OpenAI and Anthropic make of the gateway's answers. */
class OfficialClientsIT {

  private static final String CALL =
      """
      {"id":"chatcmpl-up","object":"chat.completion","created":1700000000,"model":"up","choices":[
       {"index":0,"message":{"role":"assistant","content":"I look.","tool_calls":[{"id":"call_1",
        "type":"function","function":{"name":"ls","arguments":"{\\"path\\":\\"/\\"}"}}]},
        "logprobs":null,"finish_reason":"tool_calls"}],
       "usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}
      """;

  private static FakeGateway fake;
  private static OpenAIClient openAi;
  private static AnthropicClient anthropic;

  @BeforeAll
  static void start() {
    fake = new FakeGateway("gateway.tokens", "t0ken");
    openAi =
        OpenAIOkHttpClient.builder()
            .baseUrl(fake.gateway.url() + "/v1")
            .apiKey("t0ken")
            .maxRetries(0)
            .build();
    anthropic =
        AnthropicOkHttpClient.builder()
            .baseUrl(fake.gateway.url())
            .apiKey("t0ken")
            .maxRetries(0)
            .build();
    fake.traffic.on("list", OfficialClientsIT::callTool);
    fake.traffic.on("refused", (query, listener) -> listener.refused("NO_LLM", "none is up"));
  }

  @AfterAll
  static void stop() {
    openAi.close();
    anthropic.close();
    fake.close();
  }

  private static void callTool(Query query, AskListener listener) {
    if (query.getChat().getStream()) {
      listener.chunks(
          FakeTraffic.source(1),
          List.of(
              FakeTraffic.chunk("{\"role\":\"assistant\",\"content\":\"I \"}"),
              FakeTraffic.chunk("{\"content\":\"look.\"}")));
      listener.chunks(
          FakeTraffic.source(1),
          List.of(
              FakeTraffic.chunk(
                  "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                      + "\"function\":{\"name\":\"ls\",\"arguments\":\"{\\\"path\\\":\"}}]}"),
              FakeTraffic.chunk(
                  "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"/\\\"}\"}}]}"),
              """
              {"id":"chatcmpl-upstream-1","object":"chat.completion.chunk","created":1700000000,\
              "model":"up","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\
              """));
    }
    listener.answered(
        FakeTraffic.outcome(query).setAnswer("I look.").setResponse(CALL).build(), null);
  }

  private static ChatCompletionCreateParams chat(String text) {
    return ChatCompletionCreateParams.builder().model("auto").addUserMessage(text).build();
  }

  private static ResponseCreateParams response(String text) {
    return ResponseCreateParams.builder().model("auto").input(text).build();
  }

  private static MessageCreateParams message(String text) {
    return MessageCreateParams.builder().model("auto").maxTokens(99).addUserMessage(text).build();
  }

  @Test
  void shouldBeReadByOpenAisClientWholeAndInPieces() {
    // when
    ChatCompletion whole = openAi.chat().completions().create(chat("list"));
    ChatCompletionAccumulator pieces = ChatCompletionAccumulator.create();
    try (var stream = openAi.chat().completions().createStreaming(chat("list"))) {
      stream.stream().forEach(pieces::accumulate);
    }

    // then
    for (ChatCompletion completion : List.of(whole, pieces.chatCompletion())) {
      var choice = completion.choices().get(0);
      assertThat(choice.finishReason().asString()).isEqualTo("tool_calls");
      assertThat(choice.message().content()).contains("I look.");
      var call = choice.message().toolCalls().orElseThrow().get(0).asFunction();
      assertThat(call.id()).isEqualTo("call_1");
      assertThat(call.function().arguments()).isEqualTo("{\"path\":\"/\"}");
    }
    assertThat(whole.usage().orElseThrow().totalTokens()).isEqualTo(10);
    assertThat(openAi.models().list().data()).anyMatch(model -> model.id().equals("auto"));
    assertThatThrownBy(() -> openAi.chat().completions().create(chat("refused")))
        .isInstanceOf(com.openai.errors.InternalServerException.class)
        .hasMessageContaining("none is up");
  }

  @Test
  void shouldBeReadByOpenAisClientOfResponses() {
    // when
    Response whole = openAi.responses().create(response("list"));
    ResponseAccumulator pieces = ResponseAccumulator.create();
    try (var stream = openAi.responses().createStreaming(response("list"))) {
      stream.stream().forEach(pieces::accumulate);
    }

    // then
    for (Response response : List.of(whole, pieces.response())) {
      response.validate();
      var text = response.output().get(0).asMessage().content().get(0).asOutputText();
      assertThat(text.text()).isEqualTo("I look.");
      var call = response.output().get(1).asFunctionCall();
      assertThat(call.callId()).isEqualTo("call_1");
      assertThat(call.arguments()).isEqualTo("{\"path\":\"/\"}");
      assertThat(response.usage().orElseThrow().inputTokens()).isEqualTo(7);
    }
  }

  @Test
  void shouldBeReadByAnthropicsClientWholeAndInPieces() {
    // when
    Message whole = anthropic.messages().create(message("list"));
    MessageAccumulator pieces = MessageAccumulator.create();
    try (var stream = anthropic.messages().createStreaming(message("list"))) {
      stream.stream().forEach(pieces::accumulate);
    }

    // then
    for (Message message : List.of(whole, pieces.message())) {
      assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
      assertThat(message.content().get(0).asText().text()).isEqualTo("I look.");
      var use = message.content().get(1).asToolUse();
      assertThat(use.id()).isEqualTo("call_1");
      assertThat(use._input().toString()).contains("path");
      assertThat(message.usage().outputTokens()).isEqualTo(3);
    }
    assertThat(anthropic.models().list().data()).anyMatch(model -> model.id().equals("auto"));
    assertThatThrownBy(() -> anthropic.messages().create(message("refused")))
        .isInstanceOf(com.anthropic.errors.InternalServerException.class)
        .hasMessageContaining("none is up");
  }
}
