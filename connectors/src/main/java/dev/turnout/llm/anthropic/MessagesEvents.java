package dev.turnout.llm.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.EventReader;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns the events of a streamed answer of the Messages API into pieces of a chat's. Blocks of
 * thinking go out as {@code reasoning_content} while they come, and once more as a whole with their
 * signature, in {@code thinking_blocks}, when they end: who goes on with the conversation has to
 * send them back.
 */
final class MessagesEvents implements EventReader {

  private final ObjectNode usage = ChatJson.object();
  private final Map<Integer, Integer> calls = new HashMap<>();
  private final Set<Integer> argued = new HashSet<>();
  private final Map<Integer, ThinkingBlock> thinking = new HashMap<>();
  private final long created = Instant.now().getEpochSecond();
  private String id = "";
  private String model = "";
  private boolean finished;

  private static final class ThinkingBlock {
    private final ObjectNode block;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();

    private ThinkingBlock(ObjectNode block) {
      this.block = block;
      text.append(block.path("thinking").asText());
      signature.append(block.path("signature").asText());
    }

    private ObjectNode whole() {
      if ("thinking".equals(ChatJson.text(block, "type"))) {
        block.put("thinking", text.toString()).put("signature", signature.toString());
      }
      return block;
    }
  }

  @Override
  public List<Piece> read(String text, ObjectNode event) {
    int index = event.path("index").asInt(0);
    return switch (event.path("type").asText()) {
      case "message_start" -> start(event.path("message"));
      case "content_block_start" -> blockStart(index, event.path("content_block"));
      case "content_block_delta" -> blockDelta(index, event.path("delta"));
      case "content_block_stop" -> blockStop(index);
      case "message_delta" -> delta(event);
      case "message_stop" -> {
        finished = true;
        yield List.of();
      }
      default -> List.of();
    };
  }

  private List<Piece> start(JsonNode message) {
    id = message.path("id").asText();
    model = message.path("model").asText();
    note(message.path("usage"));
    ObjectNode delta = ChatJson.object().put("role", "assistant");
    return piece(delta.put("content", ""));
  }

  /** Counts of later events are of the whole; an event may leave out what has not changed. */
  private void note(JsonNode counts) {
    if (counts instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              count -> {
                if (!count.getValue().isNull()) {
                  usage.set(count.getKey(), count.getValue());
                }
              });
    }
  }

  private List<Piece> blockStart(int index, JsonNode block) {
    switch (block.path("type").asText()) {
      case "tool_use" -> {
        int number = calls.size();
        calls.put(index, number);
        ObjectNode call = ChatJson.object().put("index", number);
        call.set("id", block.path("id"));
        ObjectNode function = call.put("type", "function").putObject("function");
        function.set("name", block.path("name"));
        function.put("arguments", "");
        return calling(call);
      }
      case "thinking", "redacted_thinking" -> {
        thinking.put(index, new ThinkingBlock(block.deepCopy()));
        return List.of();
      }
      case "text" -> {
        String begun = block.path("text").asText();
        return begun.isEmpty() ? List.of() : piece(ChatJson.object().put("content", begun));
      }
      default -> {
        return List.of();
      }
    }
  }

  private List<Piece> blockDelta(int index, JsonNode delta) {
    switch (delta.path("type").asText()) {
      case "text_delta" -> {
        return piece(ChatJson.object().put("content", delta.path("text").asText()));
      }
      case "input_json_delta" -> {
        Integer number = calls.get(index);
        if (number == null) {
          return List.of();
        }
        String part = delta.path("partial_json").asText();
        if (!part.isEmpty()) {
          argued.add(index);
        }
        return calling(arguments(number, part));
      }
      case "thinking_delta" -> {
        String thought = delta.path("thinking").asText();
        ThinkingBlock block = thinking.get(index);
        if (block != null) {
          block.text.append(thought);
        }
        return piece(ChatJson.object().put("reasoning_content", thought));
      }
      case "signature_delta" -> {
        ThinkingBlock block = thinking.get(index);
        if (block != null) {
          block.signature.append(delta.path("signature").asText());
        }
        return List.of();
      }
      default -> {
        return List.of();
      }
    }
  }

  private List<Piece> blockStop(int index) {
    Integer number = calls.get(index);
    if (number != null && !argued.contains(index)) {
      // no arguments come in no pieces, and chats know no call without
      return calling(arguments(number, "{}"));
    }
    ThinkingBlock block = thinking.remove(index);
    if (block == null) {
      return List.of();
    }
    ObjectNode delta = ChatJson.object();
    delta.putArray("thinking_blocks").add(block.whole());
    return piece(delta);
  }

  private List<Piece> delta(JsonNode event) {
    note(event.path("usage"));
    JsonNode stopReason = event.path("delta").path("stop_reason");
    if (!stopReason.isTextual()) {
      return List.of();
    }
    ObjectNode last = chunk();
    ObjectNode choice = last.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta");
    choice.put("finish_reason", AnthropicAnswer.finishReason(stopReason));
    ObjectNode counts = chunk();
    counts.putArray("choices");
    counts.set("usage", AnthropicAnswer.usage(usage));
    return List.of(Piece.of(last), Piece.of(counts));
  }

  private static ObjectNode arguments(int number, String part) {
    ObjectNode call = ChatJson.object().put("index", number);
    call.putObject("function").put("arguments", part);
    return call;
  }

  private List<Piece> calling(ObjectNode call) {
    ObjectNode delta = ChatJson.object();
    delta.putArray("tool_calls").add(call);
    return piece(delta);
  }

  private List<Piece> piece(ObjectNode delta) {
    ObjectNode chunk = chunk();
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("finish_reason");
    return List.of(Piece.of(chunk));
  }

  private ObjectNode chunk() {
    return ChatJson.object()
        .put("id", id)
        .put("object", "chat.completion.chunk")
        .put("created", created)
        .put("model", model);
  }

  @Override
  public boolean finished() {
    return finished;
  }
}
