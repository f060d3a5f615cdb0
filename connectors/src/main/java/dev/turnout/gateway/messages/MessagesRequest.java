package dev.turnout.gateway.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.SameFields;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Anthropic's request as a chat. What has no counterpart is refused by name; hints that an LLM may
 * leave out, such as marks for caches, are ignored and named in the answer's headers.
 */
final class MessagesRequest {

  private static final SameFields FIELDS =
      new SameFields(
          Map.of(
              "max_tokens", "max_tokens",
              "temperature", "temperature",
              "top_p", "top_p",
              "top_k", "top_k",
              "stop_sequences", "stop"),
          Set.of(
              "model",
              "messages",
              "system",
              "stream",
              "tools",
              "tool_choice",
              "metadata",
              "output_config",
              "output_format"),
          Set.of(
              "thinking",
              "cache_control",
              "context_management",
              "service_tier",
              "speed",
              "diagnostics"));

  private final ObjectNode json;
  private final ObjectNode chat = Json.object();

  private MessagesRequest(ObjectNode json) {
    this.json = json;
  }

  static ChatAsk read(ObjectNode json) {
    return new MessagesRequest(json).read();
  }

  private ChatAsk read() {
    JsonNode messages = json.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw GatewayError.badRequest("\"messages\" must be an array with at least one message");
    }
    refuseThread();
    List<String> ignored = FIELDS.copy(json, chat);
    ArrayNode translated = chat.putArray("messages");
    system(translated);
    MessagesContent.add(messages, translated);
    tools();
    toolChoice();
    output();
    String model = Json.optionalText(json, "model");
    return new ChatAsk(
        chat,
        chat.toString(),
        json,
        model == null ? "" : model,
        Json.flag(json, "stream"),
        true,
        Json.text(json.path("metadata"), "user_id"),
        false,
        ignored);
  }

  /** Clients that are told so by this code send the whole conversation instead. */
  private void refuseThread() {
    if (Json.has(json, "thread")) {
      throw new GatewayError(
          400,
          "invalid_request_error",
          "thread_unsupported_request",
          "\"thread\" is not supported here; send the whole conversation without it");
    }
  }

  private void system(ArrayNode translated) {
    JsonNode system = json.path("system");
    if (system.isTextual()) {
      translated.addObject().put("role", "system").put("content", system.asText());
    } else if (system.isArray() && !system.isEmpty()) {
      StringBuilder text = new StringBuilder();
      for (JsonNode block : system) {
        if (!block.path("type").asText("").equals("text")) {
          throw GatewayError.unsupported(
              "a block of type \"" + block.path("type").asText("") + "\" in \"system\"",
              "send blocks of type \"text\"");
        }
        text.append(text.isEmpty() ? "" : "\n\n").append(block.path("text").asText(""));
      }
      translated.addObject().put("role", "system").put("content", text.toString());
    }
  }

  private void tools() {
    JsonNode tools = json.path("tools");
    if (tools.isEmpty()) {
      return;
    }
    ArrayNode translated = chat.putArray("tools");
    for (JsonNode tool : tools) {
      String type = tool.path("type").asText("custom");
      String name = Json.text(tool, "name");
      if (!type.equals("custom") || name == null || !tool.path("input_schema").isObject()) {
        throw GatewayError.unsupported(
            "the tool \"" + (name == null ? type : name) + "\" of type \"" + type + "\"",
            "send tools with \"name\" and \"input_schema\", which the client runs itself");
      }
      translated.add(ChatTools.function(name, tool.path("description"), tool.path("input_schema")));
    }
  }

  private void toolChoice() {
    JsonNode choice = json.path("tool_choice");
    if (choice.isMissingNode() || choice.isNull()) {
      return;
    }
    String type = choice.path("type").asText("");
    switch (type) {
      case "auto", "none" -> chat.put("tool_choice", type);
      case "any" -> chat.put("tool_choice", "required");
      case "tool" -> chat.set("tool_choice", ChatTools.choice(choice.path("name").asText("")));
      default ->
          throw GatewayError.badRequest(
              "\"tool_choice.type\" is \"" + type + "\"; it must be auto, any, tool or none");
    }
    if (Json.flag(choice, "disable_parallel_tool_use")) {
      chat.put("parallel_tool_calls", false);
    }
  }

  private void output() {
    JsonNode config = json.path("output_config");
    String effort = Json.text(config, "effort");
    if (effort != null) {
      // what is above "high" has no name in chats
      boolean known = Set.of("low", "medium", "high").contains(effort);
      chat.put("reasoning_effort", known ? effort : "high");
    }
    JsonNode format =
        json.hasNonNull("output_format") ? json.path("output_format") : config.path("format");
    if (format.isMissingNode() || format.isNull()) {
      return;
    }
    if (!format.path("type").asText("").equals("json_schema")) {
      throw GatewayError.unsupported(
          "the output format \"" + format.path("type").asText("") + "\"", "use json_schema");
    }
    ObjectNode translated = chat.putObject("response_format").put("type", "json_schema");
    translated
        .putObject("json_schema")
        .put("name", "output")
        .put("strict", true)
        .set("schema", format.path("schema"));
  }
}
