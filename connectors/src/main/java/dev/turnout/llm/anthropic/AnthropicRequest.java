package dev.turnout.llm.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.UnsupportedParameterException;
import java.util.Map;
import java.util.Set;

/**
 * Turns a chat into a request of the Messages API. Three kinds of parameters: those that both have
 * are renamed; those that only say how, without a say in what is answered (a seed, a cache key, who
 * the user is), are left out; those whose loss would change the answer or its form are refused.
 * What chats do not know goes as it is, so that what only Anthropic has can be asked for.
 */
final class AnthropicRequest {

  /** The longest answer that every model of Anthropic's can give; the API insists on a number. */
  private static final long USUAL_LIMIT = 4_096;

  private static final long LEAST_THINKING = 1_024;

  /** Tokens of thinking by OpenAI's reasoning effort. */
  private static final Map<String, Long> THINKING =
      Map.of("low", 1_024L, "medium", 4_096L, "high", 16_384L, "xhigh", 32_768L);

  private static final Set<String> LEFT_OUT =
      Set.of(
          "stream_options",
          "seed",
          "store",
          "metadata",
          "service_tier",
          "prompt_cache_key",
          "prompt_cache_retention",
          "safety_identifier",
          "prediction",
          "verbosity",
          "web_search_options");

  private final ObjectNode request = ChatJson.object();

  private AnthropicRequest() {}

  /**
   * The request.
   *
   * @throws UnsupportedParameterException naming what the API cannot do
   */
  static ObjectNode of(ObjectNode chat) {
    AnthropicRequest made = new AnthropicRequest();
    made.request.put("max_tokens", limit(chat));
    MessagesConversation.of(chat.path("messages"), made.request);
    for (Map.Entry<String, JsonNode> field : chat.properties()) {
      if (!field.getValue().isNull() && !LEFT_OUT.contains(field.getKey())) {
        made.take(field.getKey(), field.getValue(), chat);
      }
    }
    made.settleThinking();
    return made.request;
  }

  private static long limit(ObjectNode chat) {
    Long newer = ChatJson.number(chat, "max_completion_tokens");
    Long older = ChatJson.number(chat, "max_tokens");
    return newer != null ? newer : older != null ? older : USUAL_LIMIT;
  }

  private void take(String name, JsonNode value, ObjectNode chat) {
    switch (name) {
      case "messages", "max_tokens", "max_completion_tokens" -> {}
      case "temperature" -> request.put("temperature", Math.max(0, Math.min(1, value.asDouble(1))));
      case "stop" -> {
        ArrayNode stops = request.putArray("stop_sequences");
        if (value.isTextual()) {
          stops.add(value);
        } else {
          value.forEach(stops::add);
        }
      }
      case "user" -> request.putObject("metadata").set("user_id", value);
      case "tools" -> tools(value);
      case "tool_choice" -> toolChoice(value);
      case "parallel_tool_calls" -> {
        if (!value.asBoolean(true) && chat.path("tools").size() > 0) {
          choice("auto").put("disable_parallel_tool_use", true);
        }
      }
      case "reasoning_effort" -> {
        Long budget = THINKING.get(value.asText());
        if (budget != null && !chat.has("thinking")) {
          request.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
        }
      }
      case "n" -> refuseUnless(name, value, value.asInt(1) == 1);
      case "logprobs" -> refuseUnless(name, value, !value.asBoolean(false));
      case "top_logprobs", "presence_penalty", "frequency_penalty" ->
          refuseUnless(name, value, value.asDouble(0) == 0);
      case "logit_bias" -> refuseUnless(name, value, value.isEmpty());
      case "response_format" ->
          refuseUnless(name, value, "text".equals(ChatJson.text(value, "type")));
      case "modalities" ->
          refuseUnless(name, value, value.size() == 1 && "text".equals(value.path(0).asText()));
      case "audio", "functions", "function_call" -> refuseUnless(name, value, value.isEmpty());
      default -> request.set(name, value);
    }
  }

  private static void refuseUnless(String name, JsonNode value, boolean harmless) {
    if (!harmless) {
      String given = value.toString();
      throw new UnsupportedParameterException(
          name,
          "the LLM's API has no \""
              + name
              + "\" ("
              + (given.length() > 60 ? given.substring(0, 60) + "…" : given)
              + "); leave it out, or ask another model");
    }
  }

  private void tools(JsonNode tools) {
    ArrayNode list = request.putArray("tools");
    for (JsonNode tool : tools) {
      JsonNode function = tool.path("function");
      if (!function.isObject()) {
        list.add(tool);
        continue;
      }
      ObjectNode made = list.addObject();
      made.set("name", function.path("name"));
      if (function.hasNonNull("description")) {
        made.set("description", function.get("description"));
      }
      if (function.path("parameters").isObject()) {
        made.set("input_schema", function.get("parameters"));
      } else {
        made.putObject("input_schema").put("type", "object").putObject("properties");
      }
      if (tool.has("cache_control")) {
        made.set("cache_control", tool.get("cache_control"));
      }
    }
    if (list.isEmpty()) {
      request.remove("tools");
    }
  }

  private void toolChoice(JsonNode wanted) {
    if (wanted.isTextual()) {
      switch (wanted.textValue()) {
        case "required" -> choice("any").put("type", "any");
        case "none" -> choice("none").put("type", "none");
        default -> choice("auto").put("type", "auto");
      }
    } else if (wanted.path("function").hasNonNull("name")) {
      choice("tool").put("type", "tool").set("name", wanted.path("function").get("name"));
    } else {
      request.set("tool_choice", wanted);
    }
  }

  /** The choice of tools, whichever of its two parameters comes first. */
  private ObjectNode choice(String type) {
    return request.get("tool_choice") instanceof ObjectNode known
        ? known
        : request.putObject("tool_choice").put("type", type);
  }

  /** Thinking counts as answer and takes neither a temperature nor less than its least. */
  private void settleThinking() {
    JsonNode thinking = request.path("thinking");
    if (!"enabled".equals(ChatJson.text(thinking, "type"))
        || !(thinking instanceof ObjectNode given)) {
      return;
    }
    long most = request.path("max_tokens").asLong() - 1;
    long budget = Math.min(given.path("budget_tokens").asLong(LEAST_THINKING), most);
    boolean forced = Set.of("any", "tool").contains(request.at("/tool_choice/type").asText());
    if (budget < LEAST_THINKING || forced) {
      request.remove("thinking");
    } else {
      given.put("budget_tokens", budget);
      request.remove("temperature");
      request.remove("top_k");
    }
  }
}
