package dev.turnout.gateway.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.ChatUsage;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.ServerEvent;
import dev.turnout.gateway.dialect.ToolCallPieces;

/**
 * A chat's pieces as Anthropic's events. There, an answer is a row of blocks of which one at a time
 * is open; so text and the first call of a tool go out as they come. Further calls, whose pieces
 * may alternate, and what is said after a call go out at the end.
 */
final class MessagesStream implements AnswerStream {

  private static final String TEXT = "text";
  private static final String THINKING = "thinking";
  private static final String TOOL = "tool_use";

  private final AnswerSource source;
  private final boolean withThinking;
  private final ToolCallPieces calls = new ToolCallPieces();
  private final StringBuilder events = new StringBuilder();
  private final ObjectNode stop = Json.object().put("stop_reason", "end_turn");
  private final StringBuilder late = new StringBuilder();
  private boolean started;
  private int blocks;
  private String open = "";
  private int firstCall = -1;
  private int firstCallSent;

  MessagesStream(AnswerSource source, boolean withThinking) {
    this.source = source;
    this.withThinking = withThinking;
  }

  @Override
  public String chunk(ObjectNode chunk) {
    start();
    JsonNode choice = chunk.path("choices").path(0);
    JsonNode delta = choice.path("delta");
    String thinking = ChatTools.reasoning(delta);
    if (withThinking && !thinking.isEmpty() && firstCall < 0) {
      block(THINKING, Json.object().put("type", THINKING).put(THINKING, "").put("signature", ""));
      delta("thinking_delta", THINKING, thinking);
    }
    String text = delta.path("content").asText("") + delta.path("refusal").asText("");
    if (firstCall >= 0) {
      late.append(text);
    } else if (!text.isEmpty()) {
      block(TEXT, Json.object().put("type", TEXT).put(TEXT, ""));
      delta("text_delta", TEXT, text);
    }
    for (JsonNode piece : delta.path("tool_calls")) {
      call(calls.add(piece));
    }
    if (choice.path("finish_reason").isTextual()) {
      MessagesAnswer.stop(choice, stop);
    }
    return taken();
  }

  private void start() {
    if (started) {
      return;
    }
    started = true;
    ObjectNode message = MessagesAnswer.beginning(source);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    // the LLM counts at the end, so this is our estimate; message_delta has the LLM's own count
    message.set("usage", MessagesAnswer.usage(new ChatUsage(source.promptTokens(), 0, 0, 0)));
    ObjectNode event = Json.object().put("type", "message_start");
    event.set("message", message);
    add(event);
  }

  private void call(ToolCallPieces.Call call) {
    if (firstCall < 0) {
      firstCall = call.index();
    }
    if (call.index() == firstCall && !call.name().isEmpty()) {
      block(TOOL, use(call));
      if (firstCallSent < call.length()) {
        delta("input_json_delta", "partial_json", call.argumentsFrom(firstCallSent));
        firstCallSent = call.length();
      }
    }
  }

  private static ObjectNode use(ToolCallPieces.Call call) {
    ObjectNode block =
        Json.object().put("type", TOOL).put("id", call.id()).put("name", call.name());
    block.putObject("input");
    return block;
  }

  @Override
  public String end(ObjectNode response) {
    start();
    for (ToolCallPieces.Call call : calls.all()) {
      boolean goesOn = open.equals(TOOL) && call.index() == firstCall;
      if (!goesOn) {
        close();
        block(TOOL, use(call));
        if (call.length() > 0) {
          delta("input_json_delta", "partial_json", call.arguments());
        }
      }
    }
    if (!late.isEmpty()) {
      block(TEXT, Json.object().put("type", TEXT).put(TEXT, ""));
      delta("text_delta", TEXT, late.toString());
    }
    close();
    JsonNode choice = response.path("choices").path(0);
    if (choice.path("finish_reason").isTextual()) {
      MessagesAnswer.stop(choice, stop);
    }
    ObjectNode event = Json.object().put("type", "message_delta");
    event.set("delta", stop);
    event.set("usage", MessagesAnswer.usage(ChatUsage.of(response)));
    add(event);
    add(Json.object().put("type", "message_stop"));
    return taken();
  }

  @Override
  public String error(GatewayError error) {
    return ServerEvent.of("error", MessagesDialect.anthropicError(error));
  }

  /** Opens a block unless one of its kind is open. */
  private void block(String kind, ObjectNode content) {
    if (open.equals(kind)) {
      return;
    }
    close();
    open = kind;
    ObjectNode event = Json.object().put("type", "content_block_start").put("index", blocks);
    event.set("content_block", content);
    add(event);
  }

  private void delta(String type, String field, String value) {
    ObjectNode event = Json.object().put("type", "content_block_delta").put("index", blocks);
    event.putObject("delta").put("type", type).put(field, value);
    add(event);
  }

  private void close() {
    if (!open.isEmpty()) {
      add(Json.object().put("type", "content_block_stop").put("index", blocks));
      blocks++;
      open = "";
    }
  }

  private void add(ObjectNode event) {
    events.append(ServerEvent.of(event.path("type").asText(), event));
  }

  private String taken() {
    String taken = events.toString();
    events.setLength(0);
    return taken;
  }
}
