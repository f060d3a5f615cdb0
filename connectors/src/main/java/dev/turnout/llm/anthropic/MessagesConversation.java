package dev.turnout.llm.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.UnsupportedParameterException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the messages of a chat into those of the Messages API: what the system says stands apart,
 * results of tools are the user's, and one turn is one message, so that the results of parallel
 * calls come together.
 */
final class MessagesConversation {

  private static final Pattern DATA_URL =
      Pattern.compile("data:([^;,]+)(?:;[^,;]+)*;base64,(.*)", Pattern.DOTALL);

  private final ArrayNode system;
  private final ArrayNode messages;

  private MessagesConversation(ObjectNode request) {
    this.system = request.putArray("system");
    this.messages = request.putArray("messages");
  }

  /**
   * Writes a conversation into a request.
   *
   * @throws UnsupportedParameterException naming a part that the API cannot take
   */
  static void of(JsonNode chat, ObjectNode request) {
    MessagesConversation conversation = new MessagesConversation(request);
    chat.forEach(conversation::add);
    if (conversation.system.isEmpty()) {
      request.remove("system");
    }
  }

  private void add(JsonNode message) {
    switch (message.path("role").asText()) {
      case "system", "developer" -> parts(message.path("content"), system);
      case "assistant" -> assistant(message, turn("assistant"));
      case "tool", "function" -> result(message, turn("user"));
      default -> parts(message.path("content"), turn("user"));
    }
  }

  /** Content of the last message if the role goes on, else of a new one. */
  private ArrayNode turn(String role) {
    JsonNode last = messages.path(messages.size() - 1);
    if (role.equals(ChatJson.text(last, "role")) && last.get("content") instanceof ArrayNode same) {
      return same;
    }
    return messages.addObject().put("role", role).putArray("content");
  }

  private static void assistant(JsonNode message, ArrayNode content) {
    // signed by the LLM, which wants it back before the calls that it led to
    message.path("thinking_blocks").forEach(content::add);
    parts(message.path("content"), content);
    for (JsonNode call : message.path("tool_calls")) {
      ObjectNode use = content.addObject().put("type", "tool_use");
      use.set("id", call.path("id"));
      use.set("name", call.path("function").path("name"));
      ObjectNode input = ChatJson.object(call.path("function").path("arguments").asText());
      use.set("input", input == null ? ChatJson.object() : input);
    }
  }

  private static void result(JsonNode message, ArrayNode content) {
    ObjectNode result = content.addObject().put("type", "tool_result");
    result.set("tool_use_id", message.path("tool_call_id"));
    parts(message.path("content"), result.putArray("content"));
    if (message.has("cache_control")) {
      result.set("cache_control", message.get("cache_control"));
    }
  }

  private static void parts(JsonNode content, ArrayNode into) {
    if (content.isTextual()) {
      // an empty text is refused
      if (!content.textValue().isEmpty()) {
        into.addObject().put("type", "text").put("text", content.textValue());
      }
    } else {
      content.forEach(part -> part(part, into));
    }
  }

  private static void part(JsonNode part, ArrayNode into) {
    String type = part.path("type").asText();
    ObjectNode made;
    switch (type) {
      case "text", "refusal" -> {
        String text = part.path(type).asText();
        if (text.isEmpty()) {
          return;
        }
        made = into.addObject().put("type", "text").put("text", text);
      }
      case "image_url" -> {
        made = into.addObject().put("type", "image");
        made.set("source", source(part.path("image_url").path("url").asText()));
      }
      case "file" -> {
        made = into.addObject().put("type", "document");
        made.set("source", source(part.path("file").path("file_data").asText()));
      }
      case "input_audio" ->
          throw new UnsupportedParameterException(
              "messages", "the LLM's API takes no audio; ask a model that does");
      default -> {
        // a part of Anthropic's own
        into.add(part);
        return;
      }
    }
    if (part.has("cache_control")) {
      made.set("cache_control", part.get("cache_control"));
    }
  }

  private static ObjectNode source(String url) {
    Matcher data = DATA_URL.matcher(url);
    if (data.matches()) {
      return ChatJson.object()
          .put("type", "base64")
          .put("media_type", data.group(1))
          .put("data", data.group(2));
    }
    if (url.isEmpty()) {
      throw new UnsupportedParameterException(
          "messages",
          "the LLM's API takes a picture or file by URL or as base64 data, not by its id");
    }
    return ChatJson.object().put("type", "url").put("url", url);
  }
}
