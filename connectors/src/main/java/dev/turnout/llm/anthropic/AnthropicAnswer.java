package dev.turnout.llm.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.wire.ChatJson;
import java.time.Instant;

/** Turns an answer of the Messages API into one of a chat. */
final class AnthropicAnswer {

  private AnthropicAnswer() {}

  /** The answer, of the type {@code chat.completion}. */
  static ObjectNode of(ObjectNode body) {
    ObjectNode answer = ChatJson.object();
    answer.set("id", body.path("id"));
    answer.put("object", "chat.completion").put("created", Instant.now().getEpochSecond());
    answer.set("model", body.path("model"));
    if (!body.path("content").isArray()) {
      answer.putArray("choices");
      return answer;
    }
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    message(body.path("content"), choice.putObject("message"));
    choice.put("finish_reason", finishReason(body.path("stop_reason")));
    answer.set("usage", usage(body.path("usage")));
    return answer;
  }

  private static void message(JsonNode content, ObjectNode message) {
    message.put("role", "assistant");
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    ArrayNode thinking = message.arrayNode();
    ArrayNode calls = message.arrayNode();
    boolean hasText = false;
    for (JsonNode block : content) {
      switch (block.path("type").asText()) {
        case "text" -> {
          hasText = true;
          text.append(block.path("text").asText());
        }
        case "thinking" -> {
          reasoning.append(block.path("thinking").asText());
          thinking.add(block);
        }
        case "redacted_thinking" -> thinking.add(block);
        case "tool_use" -> calls.add(call(block));
        default -> {}
      }
    }
    message.put("content", hasText ? text.toString() : null);
    if (!thinking.isEmpty()) {
      message.put("reasoning_content", reasoning.toString());
      message.set("thinking_blocks", thinking);
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
  }

  private static ObjectNode call(JsonNode block) {
    ObjectNode call = ChatJson.object();
    call.set("id", block.path("id"));
    ObjectNode function = call.put("type", "function").putObject("function");
    function.set("name", block.path("name"));
    function.put(
        "arguments", block.path("input").isObject() ? block.get("input").toString() : "{}");
    return call;
  }

  static String finishReason(JsonNode stopReason) {
    return switch (stopReason.asText()) {
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "tool_use" -> "tool_calls";
      case "refusal" -> "content_filter";
      default -> "stop";
    };
  }

  /**
   * Tokens as chats count them, where the prompt's include those of the cache; beside them those of
   * the cache as Anthropic counts them.
   */
  static ObjectNode usage(JsonNode usage) {
    long written = usage.path("cache_creation_input_tokens").asLong(0);
    long cached = usage.path("cache_read_input_tokens").asLong(0);
    long prompt = usage.path("input_tokens").asLong(0) + written + cached;
    long completion = usage.path("output_tokens").asLong(0);
    ObjectNode made = ChatJson.object();
    made.put("prompt_tokens", prompt);
    made.put("completion_tokens", completion);
    made.put("total_tokens", prompt + completion);
    made.putObject("prompt_tokens_details").put("cached_tokens", cached);
    made.put("cache_creation_input_tokens", written);
    made.put("cache_read_input_tokens", cached);
    return made;
  }
}
