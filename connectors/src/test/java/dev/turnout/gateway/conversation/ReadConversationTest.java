package dev.turnout.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.schema.Turn;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import org.junit.jupiter.api.Test;

class ReadConversationTest {

  private static ReadConversation read(String messages) {
    return ReadConversation.of(Json.body("{\"messages\":" + messages + "}"));
  }

  @Test
  void shouldAskTheLastTurnAndKeepTheOthersNewestFirst() {
    // when
    ReadConversation read =
        read(
            """
            [{"role":"developer","content":"Be brief"},
             {"role":"user","content":"Prove that the halting problem is undecidable"},
             {"role":"assistant","content":"Suppose…"},
             {"role":"user","content":"yes, go on"}]
            """);

    // then
    assertThat(read.text()).isEqualTo("yes, go on");
    assertThat(read.turns())
        .containsExactly(
            new Turn("assistant", "Suppose…"),
            new Turn("user", "Prove that the halting problem is undecidable"),
            new Turn("system", "Be brief"));
    assertThat(read.toolLoop()).isFalse();
    assertThat(read.prefixTokens()).isPositive().isLessThan(read.needs().getPromptTokens());
    assertThat(read.needs().getCapabilities()).isEmpty();
  }

  @Test
  void shouldKnowALoopOfTools() {
    // when
    ReadConversation read =
        ReadConversation.of(
            Json.body(
                """
                {"tools":[{"type":"function","function":{"name":"ls"}}],"messages":[
                 {"role":"user","content":"List"},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function",
                  "function":{"name":"ls","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"1","content":"a.txt"}]}
                """));

    // then
    assertThat(read.text()).isEqualTo("List");
    assertThat(read.toolLoop()).isTrue();
    assertThat(read.turns())
        .containsExactly(new Turn("tool", "a.txt"), new Turn("assistant", "ls({})"));
    assertThat(read.needs().getCapabilities()).containsExactly("tools");
  }

  @Test
  void shouldFindWhatIsNeeded() {
    // when
    ReadConversation read =
        ReadConversation.of(
            Json.body(
                """
                {"response_format":{"type":"json_schema"},"max_completion_tokens":77,"messages":[
                 {"role":"user","content":[
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
                  {"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]}]}
                """));

    // then
    assertThat(read.text()).isEqualTo("[image_url, input_audio]");
    assertThat(read.needs().getCapabilities()).containsExactly("json-schema", "vision", "audio");
    assertThat(read.needs().getMaxOutputTokens()).isEqualTo(77);
    assertThat(read.needs().getPromptTokens()).isBetween(2_000L, 4_000L);
  }

  @Test
  void shouldMeasureTheWholePrompt() {
    ReadConversation read =
        read(
            "[{\"role\":\"user\",\"content\":\""
                + "word ".repeat(48_000)
                + "\"},{\"role\":\"assistant\",\"content\":\"ok\"},"
                + "{\"role\":\"user\",\"content\":\"Summarise that.\"}]");

    assertThat(read.needs().getPromptTokens()).isBetween(55_000L, 65_000L);
  }

  @Test
  void shouldKeepItsBounds() {
    // given
    ObjectNode chat = Json.object();
    ArrayNode messages = chat.putArray("messages");
    messages.addObject().put("role", "system").put("content", "the rules");
    for (int i = 0; i < 100; i++) {
      messages.addObject().put("role", "user").put("content", i + "é".repeat(20_000));
      messages.addObject().put("role", "assistant").put("content", "a" + i);
    }
    messages.addObject().put("role", "user").put("content", "é".repeat(300_000));

    // when
    ReadConversation read = ReadConversation.of(chat);

    // then
    assertThat(read.turns()).hasSize(FieldLimits.TURNS);
    assertThat(read.turns().get(0).getText()).isEqualTo("a99");
    assertThat(read.turns().get(FieldLimits.TURNS - 1).getText()).isEqualTo("the rules");
    assertThat(read.turns())
        .allSatisfy(
            turn ->
                assertThat(BoundedText.bytes(turn.getText()))
                    .isLessThanOrEqualTo(FieldLimits.TURN));
    assertThat(BoundedText.bytes(read.text())).isLessThanOrEqualTo(ReadConversation.LONGEST_TEXT);
  }

  @Test
  void shouldRefuseWhatAsksNothing() {
    assertThatThrownBy(() -> read("[{\"role\":\"user\",\"content\":\" \"}]"))
        .hasMessageContaining("missing or empty");
    assertThat(read("[{\"role\":\"system\",\"content\":\"Greet\"}]").text()).isEqualTo("Greet");
  }

  @Test
  void shouldNameAConversationByItsBeginning() {
    // given
    ReadConversation first = read("[{\"role\":\"user\",\"content\":\"a\"}]");
    ReadConversation later =
        read(
            "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"},"
                + "{\"role\":\"user\",\"content\":\"c\"}]");

    // then
    assertThat(Sessions.id("t", null, first)).isEqualTo(Sessions.id("t", null, later));
    assertThat(Sessions.id("u", null, first)).isNotEqualTo(Sessions.id("t", null, later));
    assertThat(Sessions.id("t", "mine", first)).isEqualTo("mine");
    assertThat(Sessions.id("t", "x".repeat(5_000), first)).hasSize(32);
  }
}
