package dev.turnout.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessagesAnswerTest {

  private static final AnswerSource SOURCE =
      new AnswerSource("q1", "acme/small", 42, Instant.ofEpochSecond(1_700_000_000));

  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":4}}";

  private static ObjectNode response(String message, String finish) {
    return Json.body(
        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":"
            + message
            + ",\"finish_reason\":\""
            + finish
            + "\"}],"
            + USAGE
            + "}");
  }

  private static ObjectNode chunk(String delta) {
    return Json.body("{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}");
  }

  /** Data of the events, whose names are checked to be their types. */
  private static List<JsonNode> events(String text) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : text.split("\n\n")) {
      String[] lines = event.split("\n");
      ObjectNode data = Json.body(lines[1].substring("data: ".length()));
      assertThat(lines[0]).isEqualTo("event: " + data.path("type").asText());
      events.add(data);
    }
    return events;
  }

  @Test
  void shouldTranslateTextToolsAndThoughts() {
    // given
    ObjectNode response =
        response(
            """
            {"role":"assistant","content":"I look.","reasoning_content":"hm",
             "tool_calls":[{"id":"call_1","type":"function","function":{"name":"Bash",
             "arguments":"{\\"command\\":\\"ls\\"}"}},{"id":"call_2","type":"function",
             "function":{"name":"Bash","arguments":"not json"}}]}
            """,
            "tool_calls");

    // when
    ObjectNode message = MessagesAnswer.of(SOURCE, response, true);

    // then
    assertThat(message.path("id").asText()).isEqualTo("msg_q1");
    assertThat(message.path("model").asText()).isEqualTo("acme/small");
    assertThat(message.path("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(message.path("content").findValuesAsText("type"))
        .containsExactly("thinking", "text", "tool_use", "tool_use");
    assertThat(message.path("content").path(2).path("input").path("command").asText())
        .isEqualTo("ls");
    assertThat(message.path("content").path(3).path("input").path("arguments").asText())
        .isEqualTo("not json");
    assertThat(message.path("usage").path("input_tokens").asInt()).isEqualTo(6);
    assertThat(message.path("usage").path("cache_read_input_tokens").asInt()).isEqualTo(4);
    assertThat(message.path("usage").path("output_tokens").asInt()).isEqualTo(5);
    assertThat(MessagesAnswer.of(SOURCE, response, false).toString()).doesNotContain("thinking");
  }

  @Test
  void shouldSayWhyItEnded() {
    assertThat(stop("length")).isEqualTo("max_tokens");
    assertThat(stop("stop")).isEqualTo("end_turn");
    assertThat(stop("content_filter")).isEqualTo("refusal");
    ObjectNode choice = Json.body("{\"finish_reason\":\"stop\",\"stop_reason\":\"END\"}");
    ObjectNode message = Json.object();
    MessagesAnswer.stop(choice, message);
    assertThat(message.path("stop_reason").asText()).isEqualTo("stop_sequence");
    assertThat(message.path("stop_sequence").asText()).isEqualTo("END");
  }

  private static String stop(String finish) {
    return MessagesAnswer.of(SOURCE, response("{\"content\":\"a\"}", finish), false)
        .path("stop_reason")
        .asText();
  }

  @Test
  void shouldStreamBlocksOneAfterTheOther() {
    // given an answer that thinks, speaks and calls two tools whose pieces alternate
    MessagesStream stream = new MessagesStream(SOURCE, true);
    StringBuilder text = new StringBuilder();

    // when
    text.append(stream.chunk(chunk("{\"role\":\"assistant\",\"content\":\"\"}")));
    text.append(stream.chunk(chunk("{\"reasoning_content\":\"hm\"}")));
    text.append(stream.chunk(chunk("{\"content\":\"I \"}")));
    text.append(stream.chunk(chunk("{\"content\":\"look\"}")));
    text.append(stream.chunk(chunk(call(0, "call_1", "A", "{\\\"x\\\":"))));
    text.append(stream.chunk(chunk(call(1, "call_2", "B", "{\\\"y"))));
    text.append(stream.chunk(chunk(call(0, null, null, "1}"))));
    text.append(stream.chunk(chunk(call(1, null, null, "\\\":2}"))));
    text.append(stream.chunk(chunk("{\"content\":\"late\"}")));
    text.append(stream.end(response("{\"content\":\"\"}", "tool_calls")));
    List<JsonNode> events = events(text.toString());

    // then
    assertThat(events.get(0).path("type").asText()).isEqualTo("message_start");
    assertThat(events.get(0).path("message").path("usage").path("input_tokens").asInt())
        .isEqualTo(42);
    assertThat(blocks(events))
        .containsExactly(
            "thinking hm",
            "text I look",
            "tool_use A {\"x\":1}",
            "tool_use B {\"y\":2}",
            "text late");
    JsonNode delta = events.get(events.size() - 2);
    assertThat(delta.path("type").asText()).isEqualTo("message_delta");
    assertThat(delta.path("delta").path("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(delta.path("usage").path("input_tokens").asInt()).isEqualTo(6);
    assertThat(delta.path("usage").path("output_tokens").asInt()).isEqualTo(5);
    assertThat(events.get(events.size() - 1).path("type").asText()).isEqualTo("message_stop");
  }

  private static String call(
      int index, @Nullable String id, @Nullable String name, String arguments) {
    return "{\"tool_calls\":[{\"index\":"
        + index
        + (id == null ? "" : ",\"id\":\"" + id + "\"")
        + ",\"function\":{"
        + (name == null ? "" : "\"name\":\"" + name + "\",")
        + "\"arguments\":\""
        + arguments
        + "\"}}]}";
  }

  /** What a client puts together of the events; fails if two blocks are open at once. */
  private static List<String> blocks(List<JsonNode> events) {
    List<String> blocks = new ArrayList<>();
    StringBuilder open = null;
    for (JsonNode event : events) {
      switch (event.path("type").asText()) {
        case "content_block_start" -> {
          assertThat(open).isNull();
          assertThat(event.path("index").asInt()).isEqualTo(blocks.size());
          JsonNode block = event.path("content_block");
          open = new StringBuilder(block.path("type").asText()).append(' ');
          open.append(block.has("name") ? block.path("name").asText() + " " : "");
        }
        case "content_block_delta" -> {
          JsonNode delta = event.path("delta");
          assertThat(open).isNotNull();
          open.append(delta.path("text").asText("") + delta.path("thinking").asText(""));
          open.append(delta.path("partial_json").asText(""));
        }
        case "content_block_stop" -> {
          assertThat(open).isNotNull();
          blocks.add(open.toString());
          open = null;
        }
        default -> {
          // begins or ends the message
        }
      }
    }
    assertThat(open).isNull();
    return blocks;
  }

  @Test
  void shouldReportErrorsAsEvents() {
    String event =
        new MessagesStream(SOURCE, false).error(new GatewayError(502, "api_error", "it broke"));

    assertThat(event)
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\","
                + "\"message\":\"it broke\"}}\n\n");
  }
}
