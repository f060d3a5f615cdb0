package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tools as those of a chat. A custom tool takes any text; here it becomes a function with that text
 * as its one argument, since hardly a server knows others, and the grammar that the text has to
 * keep to is told in its description. Tools of a namespace stand there one by one, with the
 * namespace before their names. Searching the web, or for more tools, is OpenAI's to do: an LLM
 * does without, and the client is told. Other tools that OpenAI runs are refused.
 */
final class ResponsesTools {

  private static final String CUSTOM = "custom";

  private ResponsesTools() {}

  static void add(ObjectNode json, ObjectNode chat, List<String> ignored) {
    ArrayNode translated = Json.array();
    each(
        json,
        (namespace, tool) -> {
          String type = tool.path("type").asText("");
          if (type.startsWith("web_search") || type.equals("tool_search")) {
            ignored.add("tools." + type);
          } else {
            translated.add(tool(ClientTool.of(namespace, tool).chatName(), tool, type));
          }
        });
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

  /** Goes through all tools, those of a namespace one by one. */
  private static void each(JsonNode json, BiConsumer<@Nullable String, JsonNode> action) {
    for (JsonNode tool : json.path("tools")) {
      if (tool.path("type").asText("").equals("namespace")) {
        String namespace = Json.text(tool, "name");
        tool.path("tools").forEach(inner -> action.accept(namespace, inner));
      } else {
        action.accept(null, tool);
      }
    }
  }

  private static ObjectNode tool(String name, JsonNode tool, String type) {
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

  /** The tools of a request by their names in a chat. */
  static Map<String, ClientTool> byChatName(JsonNode json) {
    Map<String, ClientTool> tools = new HashMap<>();
    each(
        json,
        (namespace, definition) -> {
          ClientTool tool = ClientTool.of(namespace, definition);
          tools.putIfAbsent(tool.chatName(), tool);
        });
    return tools;
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
