package dev.turnout.gateway.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.conversation.ReadConversation;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ClientDialect;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.messages.MessagesDialect;
import dev.turnout.gateway.responses.ResponsesDialect;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Any bytes as a request of each API that clients speak: read, or refused with an error that names
 * what is wrong; and whatever was read can be answered.
 */
class ChatBodyFuzz {
  private static final List<ClientDialect> DIALECTS =
      List.of(new ChatDialect(), new MessagesDialect(), new ResponsesDialect());
  private static final AnswerSource SOURCE =
      new AnswerSource("q", "acme/small", 42, Instant.ofEpochSecond(1_700_000_000));
  private static final ArrayNode PAST =
      Json.array()
          .add(Json.object().put("role", "user").put("content", "Which day is it?"))
          .add(Json.object().put("role", "assistant").put("content", "Friday."));
  private static final String ANSWER =
      """
      {"choices":[{"index":0,"message":{"role":"assistant","content":"Hello",
       "tool_calls":[{"id":"call_1","function":{"name":"f","arguments":"{}"}}]},
       "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}
      """;

  /** The first byte chooses the API; the rest is the body. */
  @FuzzTest(maxDuration = "5m")
  void shouldReadOrExplainAnyBody(byte[] input) {
    if (input.length == 0) {
      return;
    }
    ClientDialect dialect = DIALECTS.get(Byte.toUnsignedInt(input[0]) % DIALECTS.size());
    String body = new String(Arrays.copyOfRange(input, 1, input.length), StandardCharsets.UTF_8);
    ChatAsk ask;
    try {
      ask = dialect.read(Json.body(body), body, ChatBodyFuzz::past);
      ReadConversation read = ReadConversation.of(ask.chat());
      assertThat(read.prefixTokens()).isNotNegative();
    } catch (GatewayError refused) {
      assertThat(refused.status()).isBetween(400, 499);
      assertThat(refused.getMessage()).isNotBlank();
      assertThat(dialect.error(refused).path("error").path("message").asText()).isNotBlank();
      return;
    }
    assertThat(Json.body(ask.body())).isNotNull();
    ObjectNode answer = dialect.answer(ask, SOURCE, Json.body(ANSWER));
    assertThat(answer.path("id").asText() + answer.path("choices")).isNotEmpty();
    assertThat(dialect.stream(ask, SOURCE)).isNotNull();
  }

  private static Optional<ArrayNode> past(String id) {
    return id.equals("resp_known") ? Optional.of(PAST.deepCopy()) : Optional.empty();
  }
}
