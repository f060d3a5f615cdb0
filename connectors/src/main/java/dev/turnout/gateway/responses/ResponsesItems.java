package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.PastChats;
import org.jspecify.annotations.Nullable;

/**
 * Input items as the messages of a chat. What an assistant says, thinks and calls are items of
 * their own here and one message there. Not safe for use by several threads.
 */
final class ResponsesItems {

  private static final String CONTENT = "content";

  private static final String REFERENCE = "item_reference";

  private final ArrayNode messages;
  private final PastChats past;
  private @Nullable ObjectNode assistant;

  /**
   * @param messages get what the items say
   * @param past has the items of earlier answers, which may be named by their ids
   */
  ResponsesItems(ArrayNode messages, PastChats past) {
    this.messages = messages;
    this.past = past;
  }

  void add(JsonNode input) {
    ArrayNode items = Json.array();
    for (int i = 0; i < input.size(); i++) {
      JsonNode item = input.get(i);
      items.add(type(item).equals(REFERENCE) ? referred(item, "input[" + i + "]") : item);
    }
    int lastQuestion = lastQuestion(items);
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      String place = "input[" + i + "]";
      String type = type(item);
      switch (type) {
        case "message" -> message(item, place);
        case "function_call" ->
            call(
                item.path("call_id").asText(""),
                ClientTool.called(item).chatName(),
                item.path("arguments").asText(""));
        case "custom_tool_call" ->
            call(
                item.path("call_id").asText(""),
                ClientTool.called(item).chatName(),
                Json.object().put("input", item.path("input").asText("")).toString());
        case "function_call_output", "custom_tool_call_output" -> result(item, place);
        case "reasoning" -> {
          if (i > lastQuestion) {
            reasoning(item);
          }
        }
        default ->
            throw GatewayError.unsupported(
                "an item of type \"" + type + "\" in \"" + place + "\"",
                "use message, function_call, function_call_output, custom_tool_call,"
                    + " custom_tool_call_output, reasoning or item_reference");
      }
    }
  }

  /** The type may be left out of messages and of references. */
  private static String type(JsonNode item) {
    JsonNode type = item.path("type");
    if (type.isTextual()) {
      return type.asText();
    }
    if (item.path("role").isTextual()) {
      return "message";
    }
    return item.path("id").isTextual() && item.size() <= 2 ? REFERENCE : "";
  }

  private JsonNode referred(JsonNode reference, String place) {
    String id = reference.path("id").asText("");
    for (JsonNode item : past.items(ResponsesAnswer.responseOf(id)).orElseGet(Json::array)) {
      if (item.path("id").asText("").equals(id)) {
        return item;
      }
    }
    throw new GatewayError(
        400,
        "invalid_request_error",
        "item_not_found",
        "the "
            + REFERENCE
            + " \""
            + id
            + "\" in \""
            + place
            + "\" is not known here any more; send the item itself, as clients do with \"store\":"
            + " false");
  }

  /** What was thought before it matters to nobody any more. */
  private static int lastQuestion(JsonNode items) {
    for (int i = items.size() - 1; i >= 0; i--) {
      if (items.get(i).path("role").asText("").equals("user")) {
        return i;
      }
    }
    return -1;
  }

  private ObjectNode assistant() {
    ObjectNode open = assistant;
    if (open == null) {
      open = messages.addObject().put("role", "assistant").putNull(CONTENT);
      assistant = open;
    }
    return open;
  }

  private void message(JsonNode item, String place) {
    String role = item.path("role").asText("");
    JsonNode content = item.path(CONTENT);
    if (!content.isTextual() && !content.isArray()) {
      throw GatewayError.badRequest("\"" + place + ".content\" must be a string or an array");
    }
    switch (role) {
      case "assistant" -> {
        ObjectNode open = assistant();
        if (open.hasNonNull(CONTENT) || open.has("tool_calls")) {
          assistant = null;
          open = assistant();
        }
        open.put(CONTENT, assistantText(content, place));
      }
      case "user", "system", "developer" -> {
        assistant = null;
        messages.addObject().put("role", role).set(CONTENT, parts(content, place));
      }
      default ->
          throw GatewayError.badRequest(
              "\""
                  + place
                  + ".role\" is \""
                  + role
                  + "\"; it must be user, assistant, system or developer");
    }
  }

  private static String assistantText(JsonNode content, String place) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      switch (part.path("type").asText("")) {
        case "output_text", "input_text", "text" -> text.append(part.path("text").asText(""));
        case "refusal" -> text.append(part.path("refusal").asText(""));
        default -> throw unknown(part, place);
      }
    }
    return text.toString();
  }

  private static JsonNode parts(JsonNode content, String place) {
    if (content.isTextual()) {
      return content;
    }
    ArrayNode parts = Json.array();
    content.forEach(part -> parts.add(part(part, place)));
    // one text is the same as an array of it, and every server takes it
    return parts.size() == 1 && parts.get(0).path("type").asText("").equals("text")
        ? parts.get(0).path("text")
        : parts;
  }

  private static ObjectNode part(JsonNode part, String place) {
    String type = part.path("type").asText("");
    switch (type) {
      case "input_text", "output_text", "text" -> {
        return Json.object().put("type", "text").put("text", part.path("text").asText(""));
      }
      case "input_image" -> {
        String url = Json.text(part, "image_url");
        if (url == null) {
          throw unknown(part, place);
        }
        ObjectNode image = Json.object().put("type", "image_url");
        ObjectNode source = image.putObject("image_url").put("url", url);
        if (Json.has(part, "detail")) {
          source.set("detail", part.path("detail"));
        }
        return image;
      }
      case "input_file" -> {
        if (!Json.has(part, "file_data")) {
          throw unknown(part, place);
        }
        ObjectNode file = Json.object().put("type", "file");
        ObjectNode source = file.putObject("file");
        source.set("file_data", part.path("file_data"));
        source.put("filename", part.path("filename").asText("file"));
        return file;
      }
      case "input_audio" -> {
        ObjectNode audio = Json.object().put("type", "input_audio");
        audio.set("input_audio", part.path("input_audio"));
        return audio;
      }
      default -> throw unknown(part, place);
    }
  }

  private static GatewayError unknown(JsonNode part, String place) {
    return GatewayError.unsupported(
        "a part of type \"" + part.path("type").asText("") + "\" as it stands in \"" + place + "\"",
        "send input_text, input_image with \"image_url\", input_file with \"file_data\", or"
            + " input_audio");
  }

  private void call(String id, String name, String arguments) {
    assistant().withArray("/tool_calls").add(ChatTools.call(id, name, arguments));
  }

  /** Results of a chat's tools are text; pictures follow in a message of the user. */
  private void result(JsonNode item, String place) {
    assistant = null;
    JsonNode output = item.path("output");
    StringBuilder text = new StringBuilder(output.isTextual() ? output.asText() : "");
    ArrayNode others = Json.array();
    for (JsonNode part : output) {
      ObjectNode translated = part(part, place);
      if (translated.path("type").asText().equals("text")) {
        text.append(text.isEmpty() ? "" : "\n").append(translated.path("text").asText());
      } else {
        others.add(translated);
      }
    }
    messages
        .addObject()
        .put("role", "tool")
        .put("tool_call_id", item.path("call_id").asText(""))
        .put(CONTENT, text.toString());
    if (!others.isEmpty()) {
      messages.addObject().put("role", "user").set(CONTENT, others);
    }
  }

  private void reasoning(JsonNode item) {
    StringBuilder text = new StringBuilder();
    item.path(CONTENT).forEach(part -> text.append(part.path("text").asText("")));
    if (text.isEmpty()) {
      item.path("summary").forEach(part -> text.append(part.path("text").asText("")));
    }
    if (!text.isEmpty()) {
      assistant = null;
      assistant().put("reasoning_content", text.toString());
    }
  }
}
