package dev.turnout.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.PastChats;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesRequestTest {

  private static final PastChats NONE = id -> Optional.empty();

  /** As Codex sends them, shortened. */
  private static final String CODEX =
      """
      {"model":"gpt-5-codex","instructions":"You are Codex.","stream":true,"store":false,
       "include":["reasoning.encrypted_content"],"prompt_cache_key":"conv-1",
       "tool_choice":"auto","parallel_tool_calls":false,"reasoning":{"effort":"medium",
       "summary":"auto"},"text":{"verbosity":"low"},
       "tools":[{"type":"function","name":"shell","description":"Runs","strict":false,
         "parameters":{"type":"object"}},
        {"type":"custom","name":"apply_patch","description":"Edits files",
         "format":{"type":"grammar","syntax":"lark","definition":"start: x"}},
        {"type":"web_search","external_web_access":false}],
       "input":[
        {"type":"message","role":"developer","content":[{"type":"input_text","text":"sandbox"}]},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"Fix it"}]},
        {"type":"reasoning","summary":[{"type":"summary_text","text":"I look first"}],
         "content":null,"encrypted_content":null},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Looking."}]},
        {"type":"function_call","name":"shell","arguments":"{\\"command\\":[\\"ls\\"]}",
         "call_id":"call_1"},
        {"type":"function_call_output","call_id":"call_1","output":"a.txt"},
        {"type":"custom_tool_call","call_id":"call_2","name":"apply_patch","input":"*** Begin"},
        {"type":"custom_tool_call_output","call_id":"call_2","output":"done"}]}
      """;

  private static ChatAsk read(String json, PastChats past) {
    return new ResponsesDialect().read(Json.body(json), json, past);
  }

  @Test
  void shouldTranslateWhatCodexSends() {
    // when
    ChatAsk ask = read(CODEX, NONE);

    // then
    JsonNode chat = ask.chat();
    assertThat(ask.session()).isEqualTo("conv-1");
    assertThat(ask.stream()).isTrue();
    assertThat(ask.ignored())
        .containsExactlyInAnyOrder("include", "tools.web_search", "reasoning.summary");
    assertThat(chat.path("reasoning_effort").asText()).isEqualTo("medium");
    assertThat(chat.path("verbosity").asText()).isEqualTo("low");
    assertThat(chat.path("parallel_tool_calls").asBoolean(true)).isFalse();
    assertThat(chat.path("tools")).hasSize(2);
    assertThat(chat.path("tools").path(0).path("function").path("strict").asBoolean(true))
        .isFalse();
    JsonNode patch = chat.path("tools").path(1).path("function");
    assertThat(patch.path("description").asText()).contains("Edits files", "lark", "start: x");
    assertThat(patch.path("parameters").path("required").path(0).asText()).isEqualTo("input");
    JsonNode messages = chat.path("messages");
    assertThat(messages.findValuesAsText("role"))
        .containsExactly("system", "developer", "user", "assistant", "tool", "assistant", "tool");
    JsonNode assistant = messages.path(3);
    assertThat(assistant.path("content").asText()).isEqualTo("Looking.");
    assertThat(assistant.path("reasoning_content").asText()).isEqualTo("I look first");
    assertThat(assistant.path("tool_calls").path(0).path("id").asText()).isEqualTo("call_1");
    assertThat(messages.path(5).path("content").isNull()).isTrue();
    assertThat(
            messages.path(5).path("tool_calls").path(0).path("function").path("arguments").asText())
        .isEqualTo("{\"input\":\"*** Begin\"}");
    assertThat(messages.path(6).path("tool_call_id").asText()).isEqualTo("call_2");
  }

  @Test
  void shouldTranslatePicturesSchemasAndParameters() {
    ChatAsk ask =
        read(
            """
            {"input":[{"role":"user","content":[{"type":"input_text","text":"What?"},
               {"type":"input_image","image_url":"https://x/y.png","detail":"low"}]}],
             "max_output_tokens":9,"temperature":0.1,"service_tier":"flex","top_logprobs":2,
             "text":{"format":{"type":"json_schema","name":"n","schema":{"a":1},"strict":true}},
             "tools":[{"type":"function","name":"f","parameters":{}}],
             "tool_choice":{"type":"function","name":"f"}}
            """,
            NONE);

    JsonNode chat = ask.chat();
    assertThat(ask.batch()).isTrue();
    assertThat(chat.path("max_completion_tokens").asInt()).isEqualTo(9);
    assertThat(chat.path("logprobs").asBoolean()).isTrue();
    assertThat(chat.path("response_format").path("json_schema").path("name").asText())
        .isEqualTo("n");
    assertThat(chat.path("response_format").path("json_schema").has("type")).isFalse();
    assertThat(chat.path("tool_choice").path("function").path("name").asText()).isEqualTo("f");
    JsonNode picture = chat.path("messages").path(0).path("content").path(1).path("image_url");
    assertThat(picture.path("url").asText()).isEqualTo("https://x/y.png");
    assertThat(picture.path("detail").asText()).isEqualTo("low");
  }

  @Test
  void shouldGoOnFromAnEarlierAnswer() {
    // given
    PastChats past =
        id -> {
          var messages = Json.array();
          messages.addObject().put("role", "user").put("content", "before");
          return id.equals("resp_1") ? Optional.of(messages) : Optional.empty();
        };

    // when
    ChatAsk ask =
        read(
            "{\"instructions\":\"I\",\"input\":\"now\",\"previous_response_id\":\"resp_1\"}", past);

    // then
    assertThat(ask.chat().path("messages").findValuesAsText("content"))
        .containsExactly("I", "before", "now");
    assertThatThrownBy(() -> read("{\"input\":\"x\",\"previous_response_id\":\"resp_2\"}", past))
        .hasMessageContaining("resp_2");
  }

  @Test
  void shouldPutItemsInThePlaceOfTheirIds() {
    // given what was answered before
    PastChats past =
        new PastChats() {
          @Override
          public Optional<ArrayNode> messages(String responseId) {
            return Optional.empty();
          }

          @Override
          public Optional<ArrayNode> items(String responseId) {
            return Optional.of(responseId)
                .filter("resp_01a-7"::equals)
                .map(
                    id ->
                        (ArrayNode)
                            Json.body(
                                    """
                                    {"output":[{"id":"rs_01a-7_0","type":"reasoning",
                                      "summary":[{"type":"summary_text","text":"I look"}]},
                                     {"id":"msg_01a-7_1","type":"message","role":"assistant",
                                      "content":[{"type":"output_text","text":"Looking."}]},
                                     {"id":"fc_01a-7_2","type":"function_call","name":"ls",
                                      "call_id":"call_1","arguments":"{}"}]}
                                    """)
                                .path("output"));
          }
        };

    // when
    ChatAsk ask =
        read(
            """
            {"input":[{"role":"user","content":"Which files?"},
              {"type":"item_reference","id":"rs_01a-7_0"},{"id":"msg_01a-7_1"},
              {"type":"item_reference","id":"fc_01a-7_2"},
              {"type":"function_call_output","call_id":"call_1","output":"a.txt"}]}
            """,
            past);

    // then
    assertThat(ask.chat().path("messages").toString())
        .isEqualTo(
            "[{\"role\":\"user\",\"content\":\"Which files?\"},"
                + "{\"role\":\"assistant\",\"content\":\"Looking.\",\"reasoning_content\":\"I look\","
                + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"ls\",\"arguments\":\"{}\"}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"a.txt\"}]");
    assertThatThrownBy(() -> read("{\"input\":[{\"id\":\"msg_01a-7_9\"}]}", past))
        .hasMessageContaining("msg_01a-7_9");
  }

  @Test
  void shouldTranslateToolsOfNamespacesOneByOne() {
    // when
    ChatAsk ask =
        read(
            """
            {"tools":[{"type":"function","name":"run","parameters":{"type":"object"}},
              {"type":"namespace","name":"agents","description":"Sub-agents","tools":[
                {"type":"function","name":"run","description":"Starts one","strict":false,
                 "parameters":{"type":"object"}},
                {"type":"custom","name":"tell"}]},
              {"type":"namespace","name":"mcp__files__","tools":[
                {"type":"function","name":"read","parameters":{"type":"object"}}]},
              {"type":"tool_search","execution":"client"}],
             "max_tool_calls":3,"prompt_cache_options":{"mode":"implicit"},
             "input":[{"role":"user","content":"go"},
              {"type":"function_call","namespace":"agents","name":"run","call_id":"call_1",
               "arguments":"{}"},
              {"type":"custom_tool_call","namespace":"agents","name":"tell","call_id":"call_2",
               "input":"hi"},
              {"type":"function_call_output","call_id":"call_1","output":"done"}]}
            """,
            NONE);

    // then
    JsonNode chat = ask.chat();
    assertThat(chat.path("tools"))
        .extracting(tool -> tool.path("function").path("name").asText())
        .containsExactly("run", "agents__run", "agents__tell", "mcp__files__read");
    assertThat(chat.path("messages").path(1).path("tool_calls"))
        .extracting(call -> call.path("function").path("name").asText())
        .containsExactly("agents__run", "agents__tell");
    assertThat(ask.ignored())
        .containsExactlyInAnyOrder("max_tool_calls", "prompt_cache_options", "tools.tool_search");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"background\":true|background",
        "\"conversation\":\"conv_1\"|conversation",
        "\"prompt\":{\"id\":\"p\"}|prompt",
        "\"tools\":[{\"type\":\"file_search\"}]|file_search",
        "\"tool_choice\":{\"type\":\"hosted\"}|tool_choice",
        "\"text\":{\"format\":{\"type\":\"odd\"}}|odd",
        "\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]|item_reference",
        "\"input\":[{\"id\":\"msg_q1_0\"}]|msg_q1_0",
        "\"moderation\":{\"model\":\"m\"}|moderation",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"file_id\":\"f\"}]}]"
            + "|input_image",
        "\"input\":[]|input",
        "\"input\":7|input"
      })
  void shouldRefuseByNameWhatItCannotTranslate(String field, String named) {
    String input = field.startsWith("\"input\"") ? "" : ",\"input\":\"?\"";

    assertThatThrownBy(() -> read("{" + field + input + "}", NONE))
        .isInstanceOfSatisfying(
            GatewayError.class, error -> assertThat(error.status()).isEqualTo(400))
        .hasMessageContaining(named);
  }
}
