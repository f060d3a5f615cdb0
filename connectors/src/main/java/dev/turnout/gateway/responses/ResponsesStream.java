package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.ServerEvent;
import dev.turnout.gateway.dialect.ToolCallPieces;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A chat's pieces as the events of the Responses API. Every event names the item that it belongs
 * to, so calls of tools go out as they come, also if their pieces alternate; all items of tools end
 * at the end. The input of a custom tool is known when its arguments are complete.
 */
final class ResponsesStream implements AnswerStream {

  private final AnswerSource source;
  private final ObjectNode response;
  private final Map<String, ClientTool> tools;
  private final ArrayNode output = Json.array();
  private final StringBuilder events = new StringBuilder();
  private final ToolCallPieces calls = new ToolCallPieces();
  private final Map<Integer, Integer> outputOfCall = new TreeMap<>();
  private final Map<Integer, Integer> sentOfCall = new TreeMap<>();
  private int sequence;
  private @Nullable TextItem text;

  /** A message or what was thought, while it comes. */
  private static final class TextItem {
    private final TextKind kind;
    private final int index;
    private final String id;
    private final StringBuilder said = new StringBuilder();

    private TextItem(TextKind kind, int index, String id) {
      this.kind = kind;
      this.index = index;
      this.id = id;
    }
  }

  private enum TextKind {
    ANSWER("msg", "response.content_part", "response.output_text", "text", "content_index"),
    REFUSAL("msg", "response.content_part", "response.refusal", "refusal", "content_index"),
    THOUGHT(
        "rs",
        "response.reasoning_summary_part",
        "response.reasoning_summary_text",
        "text",
        "summary_index");

    private final String prefix;
    private final String partEvent;
    private final String textEvent;
    private final String field;
    private final String indexField;

    TextKind(String prefix, String partEvent, String textEvent, String field, String indexField) {
      this.prefix = prefix;
      this.partEvent = partEvent;
      this.textEvent = textEvent;
      this.field = field;
      this.indexField = indexField;
    }

    private ObjectNode part(String said) {
      return switch (this) {
        case ANSWER -> ResponsesAnswer.outputText(said);
        case REFUSAL -> Json.object().put("type", "refusal").put("refusal", said);
        case THOUGHT -> ResponsesAnswer.summary(said);
      };
    }
  }

  ResponsesStream(ChatAsk ask, AnswerSource source) {
    this.source = source;
    this.response = ResponsesAnswer.beginning(ask, source);
    this.tools = ResponsesTools.byChatName(ask.original());
  }

  @Override
  public String chunk(ObjectNode chunk) {
    start();
    JsonNode delta = chunk.path("choices").path(0).path("delta");
    say(TextKind.THOUGHT, ChatTools.reasoning(delta));
    say(TextKind.ANSWER, delta.path("content").asText(""));
    say(TextKind.REFUSAL, delta.path("refusal").asText(""));
    for (JsonNode piece : delta.path("tool_calls")) {
      call(calls.add(piece));
    }
    return taken();
  }

  private void start() {
    if (sequence == 0) {
      add("response.created", Json.object().set("response", response));
      add("response.in_progress", Json.object().set("response", response));
    }
  }

  private void say(TextKind kind, String more) {
    if (more.isEmpty()) {
      return;
    }
    TextItem open = text;
    if (open == null || open.kind != kind) {
      close();
      open = open(kind);
    }
    open.said.append(more);
    ObjectNode event = at(open).put("delta", more);
    if (kind == TextKind.ANSWER) {
      event.putArray("logprobs");
    }
    add(kind.textEvent + ".delta", event);
  }

  private TextItem open(TextKind kind) {
    int index = output.size();
    TextItem open =
        new TextItem(kind, index, ResponsesAnswer.itemId(kind.prefix, source.queryId(), index));
    text = open;
    ObjectNode item = item(open, ResponsesAnswer.IN_PROGRESS);
    item.putArray(kind == TextKind.THOUGHT ? "summary" : "content");
    output.add(item);
    added(index, item);
    ObjectNode event = at(open);
    event.set("part", kind.part(""));
    add(kind.partEvent + ".added", event);
    return open;
  }

  private static ObjectNode item(TextItem item, String status) {
    String said = item.said.toString();
    return item.kind == TextKind.THOUGHT
        ? ResponsesAnswer.reasoning(item.id, said)
        : ResponsesAnswer.message(item.id, status, item.kind.part(said));
  }

  private static ObjectNode at(TextItem item) {
    return Json.object()
        .put("item_id", item.id)
        .put("output_index", item.index)
        .put(item.kind.indexField, 0);
  }

  private void close() {
    TextItem open = text;
    if (open == null) {
      return;
    }
    text = null;
    String said = open.said.toString();
    ObjectNode done = at(open).put(open.kind.field, said);
    if (open.kind == TextKind.ANSWER) {
      done.putArray("logprobs");
    }
    add(open.kind.textEvent + ".done", done);
    ObjectNode part = at(open);
    part.set("part", open.kind.part(said));
    add(open.kind.partEvent + ".done", part);
    done(open.index, item(open, ResponsesAnswer.COMPLETED));
  }

  private void call(ToolCallPieces.Call call) {
    if (call.name().isEmpty()) {
      return;
    }
    close();
    ClientTool tool = tool(call);
    int index = outputOfCall.computeIfAbsent(call.index(), first -> output.size());
    if (index == output.size()) {
      ObjectNode item =
          ResponsesAnswer.call(
              source.queryId(), index, call.id(), tool, "", ResponsesAnswer.IN_PROGRESS);
      output.add(item);
      added(index, item);
    }
    int sent = sentOfCall.getOrDefault(call.index(), 0);
    if (!tool.custom() && sent < call.length()) {
      add(
          "response.function_call_arguments.delta",
          ofCall(index).put("delta", call.argumentsFrom(sent)));
      sentOfCall.put(call.index(), call.length());
    }
  }

  private ClientTool tool(ToolCallPieces.Call call) {
    return tools.getOrDefault(call.name(), ClientTool.named(call.name()));
  }

  private ObjectNode ofCall(int index) {
    return Json.object()
        .put("item_id", output.get(index).path("id").asText())
        .put("output_index", index);
  }

  @Override
  public String end(ObjectNode whole) {
    start();
    close();
    for (ToolCallPieces.Call call : calls.all()) {
      endOf(call);
    }
    ObjectNode json = ResponsesAnswer.end(response, output, whole);
    String kind =
        json.path("status").asText().equals("incomplete")
            ? "response.incomplete"
            : "response.completed";
    add(kind, Json.object().set("response", json));
    return taken();
  }

  private void endOf(ToolCallPieces.Call call) {
    @Nullable Integer index = outputOfCall.get(call.index());
    if (index == null) {
      // its name never came
      return;
    }
    ClientTool tool = tool(call);
    String arguments = call.arguments();
    if (tool.custom()) {
      String input = ResponsesTools.customInput(arguments);
      add("response.custom_tool_call_input.delta", ofCall(index).put("delta", input));
      add("response.custom_tool_call_input.done", ofCall(index).put("input", input));
    } else {
      add(
          "response.function_call_arguments.done",
          ofCall(index).put("name", tool.name()).put("arguments", arguments));
    }
    done(
        index,
        ResponsesAnswer.call(
            source.queryId(), index, call.id(), tool, arguments, ResponsesAnswer.COMPLETED));
  }

  @Override
  public JsonNode whole() {
    return response;
  }

  @Override
  public String error(GatewayError error) {
    ObjectNode failed = response.deepCopy().put("status", "failed");
    failed
        .putObject("error")
        .put("code", error.status() == 429 ? "rate_limit_exceeded" : "server_error")
        .put("message", error.message());
    failed.set("output", output);
    add("response.failed", Json.object().set("response", failed));
    return taken() + ResponsesDialect.errorEvent(error, sequence);
  }

  private void added(int index, ObjectNode item) {
    ObjectNode event = Json.object().put("output_index", index);
    event.set("item", item);
    add("response.output_item.added", event);
  }

  private void done(int index, ObjectNode item) {
    output.set(index, item);
    ObjectNode event = Json.object().put("output_index", index);
    event.set("item", item);
    add("response.output_item.done", event);
  }

  private void add(String type, ObjectNode event) {
    event.put("type", type).put("sequence_number", sequence++);
    events.append(ServerEvent.of(type, event));
  }

  private String taken() {
    String taken = events.toString();
    events.setLength(0);
    return taken;
  }
}
