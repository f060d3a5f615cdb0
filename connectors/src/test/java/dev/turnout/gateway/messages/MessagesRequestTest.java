package dev.turnout.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesRequestTest {

  /** As Claude Code sends them, shortened. */
  private static final String CLAUDE_CODE =
      """
      {"model":"claude-sonnet-4-5-20250929","max_tokens":32000,"stream":true,"temperature":1,
       "thinking":{"type":"enabled","budget_tokens":31999},
       "metadata":{"user_id":"user_1_account__session_2"},
       "system":[{"type":"text","text":"You are Claude Code.",
         "cache_control":{"type":"ephemeral"}},{"type":"text","text":"Be brief."}],
       "tools":[{"name":"Bash","description":"Runs a command",
         "input_schema":{"type":"object","properties":{"command":{"type":"string"}}}}],
       "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
       "messages":[
        {"role":"user","content":[{"type":"text","text":"<system-reminder>x</system-reminder>"},
          {"type":"text","text":"List the files","cache_control":{"type":"ephemeral"}}]},
        {"role":"assistant","content":[
          {"type":"thinking","thinking":"I should list them","signature":"sig"},
          {"type":"text","text":"I look."},
          {"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"ls"}},
          {"type":"tool_use","id":"toolu_2","name":"Bash","input":{}}]},
        {"role":"user","content":[
          {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"a.txt"},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
          {"type":"tool_result","tool_use_id":"toolu_2","content":"denied","is_error":true}]}]}
      """;

  private static ChatAsk read(String json) {
    return new MessagesDialect().read(Json.body(json), json, id -> Optional.empty());
  }

  @Test
  void shouldTranslateWhatClaudeCodeSends() {
    // when
    ChatAsk ask = read(CLAUDE_CODE);

    // then
    JsonNode chat = ask.chat();
    assertThat(ask.stream()).isTrue();
    assertThat(ask.model()).isEqualTo("claude-sonnet-4-5-20250929");
    assertThat(ask.session()).isEqualTo("user_1_account__session_2");
    assertThat(ask.ignored()).containsExactly("thinking");
    assertThat(chat.path("max_tokens").asInt()).isEqualTo(32000);
    assertThat(chat.path("tools").path(0).toString())
        .isEqualTo(
            "{\"type\":\"function\",\"function\":{\"name\":\"Bash\",\"description\":\"Runs a"
                + " command\",\"parameters\":{\"type\":\"object\",\"properties\":{\"command\":"
                + "{\"type\":\"string\"}}}}}");
    assertThat(chat.path("tool_choice").asText()).isEqualTo("auto");
    assertThat(chat.path("parallel_tool_calls").asBoolean(true)).isFalse();
    JsonNode messages = chat.path("messages");
    assertThat(messages).hasSize(6);
    assertThat(messages.path(0).toString())
        .isEqualTo("{\"role\":\"system\",\"content\":\"You are Claude Code.\\n\\nBe brief.\"}");
    assertThat(messages.path(1).path("content")).hasSize(2);
    JsonNode assistant = messages.path(2);
    assertThat(assistant.path("content").asText()).isEqualTo("I look.");
    assertThat(assistant.path("reasoning_content").asText()).isEqualTo("I should list them");
    assertThat(assistant.path("tool_calls").path(0).toString())
        .isEqualTo(
            "{\"id\":\"toolu_1\",\"type\":\"function\",\"function\":{\"name\":\"Bash\","
                + "\"arguments\":\"{\\\"command\\\":\\\"ls\\\"}\"}}");
    assertThat(messages.path(3).toString())
        .isEqualTo("{\"role\":\"tool\",\"tool_call_id\":\"toolu_1\",\"content\":\"a.txt\"}");
    assertThat(messages.path(4).path("content").asText()).isEqualTo("Error: denied");
    assertThat(messages.path(5).path("content").path(0).path("image_url").path("url").asText())
        .isEqualTo("data:image/png;base64,AAAA");
  }

  @Test
  void shouldLeaveOutWhatWasThoughtForAnEarlierQuestion() {
    ChatAsk ask =
        read(
            """
            {"max_tokens":5,"messages":[{"role":"user","content":"a"},
             {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":""},
               {"type":"text","text":"b"}]},
             {"role":"user","content":"c"}]}
            """);

    assertThat(ask.chat().toString()).doesNotContain("reasoning_content");
    assertThat(ask.chat().path("messages").path(1).path("content").asText()).isEqualTo("b");
  }

  @Test
  void shouldTranslateParametersDocumentsAndSchemas() {
    ChatAsk ask =
        read(
            """
            {"max_tokens":5,"stop_sequences":["END"],"top_k":3,"tool_choice":{"type":"any"},
             "output_config":{"effort":"max","format":{"type":"json_schema","schema":{"a":1}}},
             "messages":[{"role":"user","content":[
              {"type":"document","title":"T","source":{"type":"text","media_type":"text/plain",
                "data":"body"}},
              {"type":"document","source":{"type":"base64","media_type":"application/pdf",
                "data":"JVBE"}}]}]}
            """);

    JsonNode chat = ask.chat();
    assertThat(chat.path("stop").path(0).asText()).isEqualTo("END");
    assertThat(chat.path("top_k").asInt()).isEqualTo(3);
    assertThat(chat.path("tool_choice").asText()).isEqualTo("required");
    assertThat(chat.path("reasoning_effort").asText()).isEqualTo("high");
    assertThat(chat.path("response_format").path("json_schema").path("schema").toString())
        .isEqualTo("{\"a\":1}");
    JsonNode content = chat.path("messages").path(0).path("content");
    assertThat(content.path(0).path("text").asText()).isEqualTo("T\n\nbody");
    assertThat(content.path(1).path("file").path("file_data").asText())
        .isEqualTo("data:application/pdf;base64,JVBE");
  }

  @Test
  void shouldTellClientsByACodeToSendWholeConversations() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"max_tokens":5,"messages":[{"role":"user","content":"?"}],
                     "thread":{"type":"continue","previous_message_id":"msg_1"}}
                    """))
        .isInstanceOfSatisfying(
            GatewayError.class,
            error ->
                assertThat(
                        MessagesDialect.anthropicError(error)
                            .path("error")
                            .path("details")
                            .path("error_code")
                            .asText())
                    .isEqualTo("thread_unsupported_request"));
  }

  @Test
  void shouldTakeWhatAsksForNothing() {
    ChatAsk ask =
        read(
            """
            {"max_tokens":5,"messages":[{"role":"user","content":"?"}],"mcp_servers":[],
             "thread":null,"container":{},"diagnostics":{"previous_message_id":null}}
            """);

    assertThat(ask.chat().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("max_tokens", "messages");
    assertThat(ask.ignored()).containsExactly("diagnostics");
  }

  @Test
  void shouldTranslateWhatWasFoundElsewhereAsText() {
    ChatAsk ask =
        read(
            """
            {"max_tokens":5,"messages":[{"role":"user","content":[
              {"type":"search_result","title":"Sky","source":"https://example.org/sky",
               "content":[{"type":"text","text":"It is"},{"type":"text","text":"blue."}]},
              {"type":"document","title":"Notes","source":{"type":"content",
               "content":[{"type":"text","text":"By day."}]}},
              {"type":"document","source":{"type":"content","content":"Not by night."}}]}]}
            """);

    assertThat(ask.chat().path("messages").path(0).path("content").findValuesAsText("text"))
        .containsExactly(
            "Sky\nhttps://example.org/sky\n\nIt is\nblue.", "Notes\n\nBy day.", "Not by night.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"mcp_servers\":[{}]|mcp_servers",
        "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]|web_search",
        "\"tool_choice\":{\"type\":\"odd\"}|tool_choice",
        "\"system\":[{\"type\":\"image\"}]|system",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"odd_block\"}]}]" + "|odd_block",
        "\"thread\":{\"type\":\"create\"}|thread",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":"
            + "\"content\",\"content\":[{\"type\":\"image\"}]}}]}]|image",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":"
            + "\"file\"}}]}]|file",
        "\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]|role",
        "\"messages\":[]|messages"
      })
  void shouldRefuseByNameWhatItCannotTranslate(String field, String named) {
    String messages =
        field.startsWith("\"messages\"")
            ? ""
            : ",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]";

    assertThatThrownBy(() -> read("{\"max_tokens\":5," + field + messages + "}"))
        .isInstanceOfSatisfying(
            GatewayError.class, error -> assertThat(error.status()).isEqualTo(400))
        .hasMessageContaining(named);
    assertThatThrownBy(() -> read("{\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}"))
        .hasMessageContaining("max_tokens");
  }
}
