package dev.turnout.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponsesAnswerTest {

  private static final AnswerSource SOURCE =
      new AnswerSource("q1", "acme/small", 42, Instant.ofEpochSecond(1_700_000_000));
  private static final String REQUEST =
      """
      {"input":"x","tools":[{"type":"function","name":"f","parameters":{}},
       {"type":"custom","name":"patch"}],"metadata":{"a":"b"}}
      """;
  private static final ChatAsk ASK =
      new ResponsesDialect().read(Json.body(REQUEST), REQUEST, id -> Optional.empty());
  private static final ObjectNode RESPONSE =
      Json.body(
          """
          {"choices":[{"message":{"role":"assistant","content":"Hello","reasoning_content":"hm",
           "tool_calls":[{"id":"call_1","function":{"name":"f","arguments":"{}"}},
            {"id":"call_2","function":{"name":"patch","arguments":"{\\"input\\":\\"*** P\\"}"}}]},
           "finish_reason":"tool_calls"}],
           "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
            "prompt_tokens_details":{"cached_tokens":4},
            "completion_tokens_details":{"reasoning_tokens":2}}}
          """);

  private static List<JsonNode> events(String text) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : text.split("\n\n")) {
      String[] lines = event.split("\n");
      ObjectNode data = Json.body(lines[1].substring("data: ".length()));
      assertThat(lines[0]).isEqualTo("event: " + data.path("type").asText());
      assertThat(data.path("sequence_number").asInt()).isEqualTo(events.size());
      events.add(data);
    }
    return events;
  }

  private static ObjectNode chunk(String delta) {
    return Json.body("{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}");
  }

  @Test
  void shouldSayWhetherTheAnswerIsRemembered() {
    String unstored = "{\"input\":\"x\",\"store\":false}";
    ChatAsk notStored =
        new ResponsesDialect().read(Json.body(unstored), unstored, id -> Optional.empty());

    assertThat(ResponsesAnswer.of(ASK, SOURCE, RESPONSE).path("store").asBoolean()).isTrue();
    assertThat(ResponsesAnswer.of(notStored, SOURCE, RESPONSE).path("store").asBoolean(true))
        .isFalse();
  }

  @Test
  void shouldTranslateTheWholeAnswer() {
    // when
    ObjectNode json = ResponsesAnswer.of(ASK, SOURCE, RESPONSE);

    // then
    assertThat(json.path("id").asText()).isEqualTo("resp_q1");
    assertThat(json.path("status").asText()).isEqualTo("completed");
    assertThat(json.path("output").findValuesAsText("type"))
        .contains("reasoning", "message", "function_call", "custom_tool_call");
    assertThat(json.path("output").path(1).path("content").path(0).path("text").asText())
        .isEqualTo("Hello");
    assertThat(json.path("output").path(3).path("input").asText()).isEqualTo("*** P");
    assertThat(json.path("usage").path("input_tokens_details").path("cached_tokens").asInt())
        .isEqualTo(4);
    assertThat(json.path("usage").path("output_tokens_details").path("reasoning_tokens").asInt())
        .isEqualTo(2);
    assertThat(json.path("usage").path("total_tokens").asInt()).isEqualTo(15);
    assertThat(json.path("metadata").path("a").asText()).isEqualTo("b");
  }

  @Test
  void shouldNameToolsAsTheClientDoes() {
    // given calls of tools with the same name within and without a namespace
    String request =
        """
        {"input":"x","tools":[{"type":"function","name":"run","parameters":{}},
         {"type":"namespace","name":"agents","tools":[
          {"type":"function","name":"run","parameters":{}},{"type":"custom","name":"tell"}]}]}
        """;
    ChatAsk ask = new ResponsesDialect().read(Json.body(request), request, id -> Optional.empty());
    String calls =
        """
        [{"index":0,"id":"c1","function":{"name":"agents__run","arguments":"{}"}},
         {"index":1,"id":"c2","function":{"name":"agents__tell",
          "arguments":"{\\"input\\":\\"hi\\"}"}},
         {"index":2,"id":"c3","function":{"name":"run","arguments":"{}"}},
         {"index":3,"id":"c4","function":{"name":"agents__odd","arguments":"{}"}}]
        """;
    ObjectNode response = Json.body("{\"choices\":[{\"message\":{\"tool_calls\":" + calls + "}}]}");

    // when
    ObjectNode whole = ResponsesAnswer.of(ask, SOURCE, response);
    ResponsesStream stream = new ResponsesStream(ask, SOURCE);
    List<JsonNode> events =
        events(stream.chunk(chunk("{\"tool_calls\":" + calls + "}")) + stream.end(response));

    // then
    for (JsonNode output : List.of(whole.path("output"), stream.whole().path("output"))) {
      assertThat(output)
          .extracting(
              item ->
                  item.path("type").asText()
                      + " "
                      + item.path("namespace").asText("-")
                      + " "
                      + item.path("name").asText())
          .containsExactly(
              "function_call agents run",
              "custom_tool_call agents tell",
              "function_call - run",
              "function_call - agents__odd");
    }
    assertThat(events)
        .filteredOn(
            event -> event.path("type").asText().equals("response.function_call_arguments.done"))
        .extracting(event -> event.path("name").asText())
        .containsExactly("run", "run", "agents__odd");
  }

  @Test
  void shouldSayThatAnAnswerWasCut() {
    ObjectNode cut =
        Json.body("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"length\"}]}");

    ObjectNode json = ResponsesAnswer.of(ASK, SOURCE, cut);

    assertThat(json.path("status").asText()).isEqualTo("incomplete");
    assertThat(json.path("incomplete_details").path("reason").asText())
        .isEqualTo("max_output_tokens");
    assertThat(events(new ResponsesStream(ASK, SOURCE).end(cut)))
        .last()
        .satisfies(
            event -> assertThat(event.path("type").asText()).isEqualTo("response.incomplete"));
  }

  @Test
  void shouldStreamItemsAsTheyCome() {
    // given
    ResponsesStream stream = new ResponsesStream(ASK, SOURCE);
    StringBuilder text = new StringBuilder();

    // when two tools' pieces alternate
    text.append(stream.chunk(chunk("{\"role\":\"assistant\",\"content\":\"\"}")));
    text.append(stream.chunk(chunk("{\"reasoning\":\"hm\"}")));
    text.append(stream.chunk(chunk("{\"content\":\"Hel\"}")));
    text.append(stream.chunk(chunk("{\"content\":\"lo\"}")));
    text.append(
        stream.chunk(
            chunk(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"f\","
                    + "\"arguments\":\"{\"}}]}")));
    text.append(
        stream.chunk(
            chunk(
                "{\"tool_calls\":[{\"index\":1,\"id\":\"call_2\",\"function\":{\"name\":\"patch\","
                    + "\"arguments\":\"{\\\"input\\\":\\\"*** P\\\"}\"}},"
                    + "{\"index\":0,\"function\":{\"arguments\":\"}\"}}]}")));
    text.append(stream.end(RESPONSE));
    List<JsonNode> events = events(text.toString());

    // then
    assertThat(events.stream().map(event -> event.path("type").asText()))
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.done",
            "response.reasoning_summary_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.custom_tool_call_input.delta",
            "response.custom_tool_call_input.done",
            "response.output_item.done",
            "response.completed");
    JsonNode whole = events.get(events.size() - 1).path("response");
    JsonNode asked = Json.body(ResponsesAnswer.of(ASK, SOURCE, RESPONSE).toString());
    assertThat(whole).isEqualTo(asked);
  }

  @Test
  void shouldFailInItsOwnForm() {
    ResponsesStream stream = new ResponsesStream(ASK, SOURCE);
    String begun = stream.chunk(chunk("{\"content\":\"a\"}"));

    List<JsonNode> events =
        events(begun + stream.error(new GatewayError(502, "api_error", "it broke")));

    assertThat(events.get(events.size() - 2).path("response").path("status").asText())
        .isEqualTo("failed");
    assertThat(events.get(events.size() - 1).path("message").asText()).isEqualTo("it broke");
  }
}
