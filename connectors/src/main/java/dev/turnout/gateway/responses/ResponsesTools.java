package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tools as those of a chat. A custom tool takes any text; here it becomes a function with that text
 * as its one argument, since hardly a server knows others, and the grammar that the text has to
 * keep to is told in its description. Searching the web is OpenAI's to do: an LLM does without, and
 * the client is told. Other tools that OpenAI runs are refused.
 */
final class ResponsesTools {

  private static final String CUSTOM = "custom";

  private ResponsesTools() {}

  static void add(ObjectNode json, ObjectNode chat, List<String> ignored) {
    ArrayNode translated = Json.array();
    for (JsonNode tool : json.path("tools")) {
      String type = tool.path("type").asText("");
      if (type.startsWith("web_search")) {
        ignored.add("tools." + type);
      } else {
        translated.add(tool(tool, type));
      }
    }
    if (!translated.isEmpty()) {
      chat.set("tools", translated);
      if (Json.has(json, "parallel_tool_calls")) {
        chat.put("parallel_tool_calls", Json.flag(json, "parallel_tool_calls"));
      }
      choice(json.path("tool_choice"), chat);
    } else if (json.path("tool_choice").isObject()) {
      choice(json.path("tool_choice"), chat);
    }
  }

  private static ObjectNode tool(JsonNode tool, String type) {
    String name = tool.path("name").asText("");
    return switch (type) {
      case "function" -> {
        ObjectNode function =
            ChatTools.function(name, tool.path("description"), tool.path("parameters"));
        if (tool.path("strict").isBoolean() && function.get("function") instanceof ObjectNode of) {
          of.set("strict", tool.path("strict"));
        }
        yield function;
      }
      case CUSTOM -> custom(name, tool);
      default ->
          throw GatewayError.unsupported(
              "a tool of type \"" + type + "\"",
              "send tools of type \"function\" or \"custom\", which the client runs itself");
    };
  }

  private static ObjectNode custom(String name, JsonNode tool) {
    StringBuilder description = new StringBuilder(tool.path("description").asText(""));
    JsonNode format = tool.path("format");
    if (format.path("type").asText("").equals("grammar")) {
      description
          .append("\n\nThe input must keep to this ")
          .append(format.path("syntax").asText(""))
          .append(" grammar:\n")
          .append(format.path("definition").asText(""));
    }
    ObjectNode parameters = Json.object().put("type", "object");
    parameters.putObject("properties").putObject("input").put("type", "string");
    parameters.putArray("required").add("input");
    parameters.put("additionalProperties", false);
    return ChatTools.function(
        name, Json.object().put("d", description.toString()).path("d"), parameters);
  }

  private static void choice(JsonNode choice, ObjectNode chat) {
    if (choice.isTextual()) {
      chat.set("tool_choice", choice);
      return;
    }
    String type = choice.path("type").asText("");
    if (type.equals("function") || type.equals(CUSTOM)) {
      chat.set("tool_choice", ChatTools.choice(choice.path("name").asText("")));
    } else if (choice.isObject()) {
      throw GatewayError.unsupported(
          "\"tool_choice\" of type \"" + type + "\"", "use auto, none, required or a function");
    }
  }

  /** Names of the custom tools of a request. */
  static Set<String> customNames(JsonNode json) {
    Set<String> names = new HashSet<>();
    for (JsonNode tool : json.path("tools")) {
      if (tool.path("type").asText("").equals(CUSTOM)) {
        names.add(tool.path("name").asText(""));
      }
    }
    return names;
  }

  /** The text that an LLM gave to a custom tool. */
  static String customInput(String arguments) {
    return Json.parse(arguments)
        .map(json -> json.path("input"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .orElse(arguments);
  }
}
