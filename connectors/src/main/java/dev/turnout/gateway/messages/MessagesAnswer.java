package dev.turnout.gateway.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.ChatUsage;
import dev.turnout.gateway.dialect.Json;

/** A chat's response as Anthropic's message. */
final class MessagesAnswer {

  private MessagesAnswer() {}

  static String id(AnswerSource source) {
    return "msg_" + source.queryId();
  }

  static ObjectNode of(AnswerSource source, ObjectNode response, boolean withThinking) {
    ObjectNode message = beginning(source);
    JsonNode choice = response.path("choices").path(0);
    content(choice.path("message"), withThinking, message.putArray("content"));
    stop(choice, message);
    message.set("usage", usage(ChatUsage.of(response)));
    return message;
  }

  /** What is known before anything was said. */
  static ObjectNode beginning(AnswerSource source) {
    return Json.object()
        .put("id", id(source))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", source.llm());
  }

  private static void content(JsonNode said, boolean withThinking, ArrayNode content) {
    String thinking = ChatTools.reasoning(said);
    if (withThinking && !thinking.isEmpty()) {
      content.addObject().put("type", "thinking").put("thinking", thinking).put("signature", "");
    }
    String text = said.path("content").asText("") + said.path("refusal").asText("");
    if (!text.isEmpty()) {
      content.addObject().put("type", "text").put("text", text);
    }
    for (JsonNode call : said.path("tool_calls")) {
      content
          .addObject()
          .put("type", "tool_use")
          .put("id", call.path("id").asText(""))
          .put("name", call.path("function").path("name").asText(""))
          .set("input", input(call.path("function").path("arguments").asText("")));
    }
  }

  /** Arguments are an object here and a text in chats, which an LLM may have got wrong. */
  private static ObjectNode input(String arguments) {
    if (arguments.isBlank()) {
      return Json.object();
    }
    return Json.parse(arguments).orElseGet(() -> Json.object().put("arguments", arguments));
  }

  /** Sets why the answer ended, as a choice or its last piece says. */
  static void stop(JsonNode choice, ObjectNode message) {
    String reason = choice.path("finish_reason").asText("stop");
    // vLLM says which of the texts ended it
    JsonNode sequence = choice.path("stop_reason");
    boolean bySequence = reason.equals("stop") && sequence.isTextual();
    message.put(
        "stop_reason",
        switch (reason) {
          case "length" -> "max_tokens";
          case "tool_calls", "function_call" -> "tool_use";
          case "content_filter" -> "refusal";
          default -> bySequence ? "stop_sequence" : "end_turn";
        });
    message.put("stop_sequence", bySequence ? sequence.asText() : null);
  }

  /** Tokens that came from a cache are not among the input's here. */
  static ObjectNode usage(ChatUsage usage) {
    return Json.object()
        .put("input_tokens", Math.max(0, usage.prompt() - usage.cached()))
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", usage.cached())
        .put("output_tokens", usage.completion());
  }
}
