package dev.turnout.gateway.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads messages of OpenAI's chat-completions API. */
final class ChatMessages {

  private ChatMessages() {}

  static List<JsonNode> of(JsonNode chat) {
    List<JsonNode> messages = new ArrayList<>();
    chat.path("messages").forEach(messages::add);
    return messages;
  }

  /** Who said it: system, user, assistant or tool, whatever name the API has for it. */
  static String role(JsonNode message) {
    String role = message.path("role").asText("").toLowerCase(Locale.ROOT);
    return switch (role) {
      case "developer" -> "system";
      case "function" -> "tool";
      default -> role;
    };
  }

  /** What was said, the tools that were called among it; empty if it was no text. */
  static String text(JsonNode message) {
    StringBuilder text = new StringBuilder(content(message.path("content")));
    for (JsonNode call : message.path("tool_calls")) {
      append(
          text,
          call.path("function").path("name").asText("")
              + "("
              + call.path("function").path("arguments").asText("")
              + ")");
    }
    return text.toString();
  }

  /** Content is a text, or a list of parts of which those with a text count. */
  private static String content(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode part : content) {
      if (part.path("text").isTextual()) {
        append(joined, part.path("text").asText());
      } else if (part.path("refusal").isTextual()) {
        append(joined, part.path("refusal").asText());
      }
    }
    return joined.toString();
  }

  private static void append(StringBuilder text, String more) {
    text.append(text.isEmpty() ? "" : "\n").append(more);
  }

  /** Types of the parts that are not text, e.g. {@code image_url}. */
  static List<String> otherParts(JsonNode message) {
    List<String> types = new ArrayList<>();
    for (JsonNode part : message.path("content")) {
      String type = part.path("type").asText("");
      if (!type.isEmpty() && !type.equals("text") && !type.equals("refusal")) {
        types.add(type);
      }
    }
    return types;
  }
}
