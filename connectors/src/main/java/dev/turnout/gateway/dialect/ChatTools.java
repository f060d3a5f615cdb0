package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes the parts of chats that are about tools. */
public final class ChatTools {

  private ChatTools() {}

  /** A tool that an LLM may call. */
  public static ObjectNode function(String name, JsonNode description, JsonNode parameters) {
    ObjectNode tool = Json.object().put("type", "function");
    ObjectNode function = tool.putObject("function").put("name", name);
    if (description.isTextual()) {
      function.set("description", description);
    }
    if (parameters.isObject()) {
      function.set("parameters", parameters);
    }
    return tool;
  }

  /** The choice of one tool. */
  public static ObjectNode choice(String name) {
    ObjectNode choice = Json.object().put("type", "function");
    choice.putObject("function").put("name", name);
    return choice;
  }

  /** A call that an LLM made. */
  public static ObjectNode call(String id, String name, String arguments) {
    ObjectNode call = Json.object().put("id", id).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", arguments);
    return call;
  }

  /** What the LLM thought, as those servers name it that say it; empty if it did not say. */
  public static String reasoning(JsonNode messageOrDelta) {
    JsonNode reasoning = messageOrDelta.path("reasoning_content");
    return reasoning.isTextual() ? reasoning.asText() : messageOrDelta.path("reasoning").asText("");
  }
}
