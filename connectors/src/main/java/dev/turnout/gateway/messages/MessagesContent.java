package dev.turnout.gateway.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.Json;

/**
 * Anthropic's messages as those of a chat. Results of tools are blocks of the user's message there
 * and messages of their own here, directly behind the calls; a picture among them follows in a
 * message of the user, since the results of a chat's tools are text.
 *
 * <p>What an LLM thought is sent back to it within the loop of tools that it thought for, and not
 * later: servers that want it want it there, and all ignore or refuse it elsewhere.
 */
final class MessagesContent {

  private MessagesContent() {}

  static void add(JsonNode messages, ArrayNode chat) {
    int lastQuestion = lastQuestion(messages);
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String place = "messages[" + i + "]";
      String role = message.path("role").asText("");
      JsonNode content = message.path("content");
      if (!content.isTextual() && !content.isArray()) {
        throw GatewayError.badRequest("\"" + place + ".content\" must be a string or an array");
      }
      switch (role) {
        case "user" -> user(content, place, chat);
        case "assistant" -> assistant(content, place, i > lastQuestion, chat);
        case "system" ->
            chat.addObject().put("role", "system").set("content", parts(content, place));
        default ->
            throw GatewayError.badRequest(
                "\"" + place + ".role\" is \"" + role + "\"; it must be user or assistant");
      }
    }
  }

  /** The user's last message without results of tools. */
  private static int lastQuestion(JsonNode messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode content = messages.get(i).path("content");
      if (messages.get(i).path("role").asText("").equals("user")
          && (content.isTextual() || !hasResults(content))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean hasResults(JsonNode content) {
    for (JsonNode block : content) {
      if (block.path("type").asText("").equals("tool_result")) {
        return true;
      }
    }
    return false;
  }

  private static void user(JsonNode content, String place, ArrayNode chat) {
    if (content.isTextual()) {
      chat.addObject().put("role", "user").put("content", content.asText());
      return;
    }
    ArrayNode said = Json.array();
    for (JsonNode block : content) {
      if (block.path("type").asText("").equals("tool_result")) {
        result(block, place, chat, said);
      } else {
        said.add(part(block, place));
      }
    }
    if (!said.isEmpty()) {
      chat.addObject().put("role", "user").set("content", simplest(said));
    }
  }

  private static void result(JsonNode block, String place, ArrayNode chat, ArrayNode said) {
    StringBuilder text = new StringBuilder(Json.flag(block, "is_error") ? "Error: " : "");
    JsonNode content = block.path("content");
    if (content.isTextual()) {
      text.append(content.asText());
    }
    int texts = 0;
    for (JsonNode inner : content) {
      JsonNode part = part(inner, place + " tool_result");
      if (part.path("type").asText("").equals("text")) {
        text.append(texts++ == 0 ? "" : "\n").append(part.path("text").asText());
      } else {
        said.add(part);
      }
    }
    chat.addObject()
        .put("role", "tool")
        .put("tool_call_id", block.path("tool_use_id").asText(""))
        .put("content", text.toString());
  }

  private static void assistant(
      JsonNode content, String place, boolean withThinking, ArrayNode chat) {
    ObjectNode message = chat.addObject().put("role", "assistant");
    if (content.isTextual()) {
      message.put("content", content.asText());
      return;
    }
    StringBuilder text = new StringBuilder();
    StringBuilder thinking = new StringBuilder();
    ArrayNode calls = Json.array();
    for (JsonNode block : content) {
      String type = block.path("type").asText("");
      switch (type) {
        case "text" -> text.append(block.path("text").asText(""));
        case "thinking" -> thinking.append(block.path("thinking").asText(""));
        case "redacted_thinking" -> {
          // of use to nobody but the LLM that wrote it, and not to it either outside of its API
        }
        case "tool_use" ->
            calls.add(
                ChatTools.call(
                    block.path("id").asText(""),
                    block.path("name").asText(""),
                    block.path("input").isObject() ? block.path("input").toString() : "{}"));
        default -> throw unknown(type, place);
      }
    }
    if (text.isEmpty() && !calls.isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", text.toString());
    }
    if (withThinking && !thinking.isEmpty()) {
      message.put("reasoning_content", thinking.toString());
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
  }

  private static JsonNode parts(JsonNode content, String place) {
    if (content.isTextual()) {
      return content;
    }
    ArrayNode parts = Json.array();
    content.forEach(block -> parts.add(part(block, place)));
    return simplest(parts);
  }

  /** One text is the same as an array of it, and every server takes it. */
  private static JsonNode simplest(ArrayNode parts) {
    return parts.size() == 1 && parts.get(0).path("type").asText("").equals("text")
        ? parts.get(0).path("text")
        : parts;
  }

  private static ObjectNode part(JsonNode block, String place) {
    String type = block.path("type").asText("");
    JsonNode source = block.path("source");
    return switch (type) {
      case "text" -> Json.object().put("type", "text").put("text", block.path("text").asText(""));
      case "image" -> image(source, place);
      case "document" -> document(block, source, place);
      case "search_result" ->
          text(
              block.path("title").asText("") + "\n" + block.path("source").asText(""),
              texts(block.path("content"), place));
      default -> throw unknown(type, place);
    };
  }

  private static ObjectNode image(JsonNode source, String place) {
    String url =
        switch (source.path("type").asText("")) {
          case "base64" -> dataUrl(source);
          case "url" -> source.path("url").asText("");
          default ->
              throw GatewayError.unsupported(
                  "an image with the source \"" + source.path("type").asText("") + "\" in " + place,
                  "send it as base64 or by URL");
        };
    ObjectNode part = Json.object().put("type", "image_url");
    part.putObject("image_url").put("url", url);
    return part;
  }

  private static ObjectNode document(JsonNode block, JsonNode source, String place) {
    String title = block.path("title").asText("");
    switch (source.path("type").asText("")) {
      case "text" -> {
        return text(title, source.path("data").asText(""));
      }
      case "content" -> {
        return text(title, texts(source.path("content"), place));
      }
      case "base64" -> {
        ObjectNode part = Json.object().put("type", "file");
        part.putObject("file")
            .put("filename", title.isEmpty() ? "document.pdf" : title)
            .put("file_data", dataUrl(source));
        return part;
      }
      default ->
          throw GatewayError.unsupported(
              "a document with the source \"" + source.path("type").asText("") + "\" in " + place,
              "send it as text, content or base64");
    }
  }

  private static ObjectNode text(String title, String text) {
    return Json.object()
        .put("type", "text")
        .put("text", title.isBlank() ? text : title.strip() + "\n\n" + text);
  }

  /** A text, or blocks of nothing else. */
  private static String texts(JsonNode content, String place) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      if (!block.path("type").asText("").equals("text")) {
        throw unknown(block.path("type").asText(""), place + " document or search_result");
      }
      text.append(text.isEmpty() ? "" : "\n").append(block.path("text").asText(""));
    }
    return text.toString();
  }

  private static String dataUrl(JsonNode source) {
    return "data:"
        + source.path("media_type").asText("")
        + ";base64,"
        + source.path("data").asText("");
  }

  private static GatewayError unknown(String type, String place) {
    return GatewayError.unsupported(
        "a block of type \"" + type + "\" in \"" + place + "\"",
        "use text, image, document, search_result, tool_use, tool_result or thinking");
  }
}
