package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ChatTools;
import dev.turnout.gateway.dialect.ChatUsage;
import dev.turnout.gateway.dialect.Json;
import java.util.Map;

/** A chat's response as the Responses API has it. */
final class ResponsesAnswer {

  static final String IN_PROGRESS = "in_progress";
  static final String COMPLETED = "completed";

  private ResponsesAnswer() {}

  static ObjectNode of(ChatAsk ask, AnswerSource source, ObjectNode response) {
    ObjectNode json = beginning(ask, source);
    JsonNode said = response.path("choices").path(0).path("message");
    ArrayNode output = Json.array();
    String id = source.queryId();
    String thought = ChatTools.reasoning(said);
    if (!thought.isEmpty()) {
      output.add(reasoning(itemId("rs", id, output.size()), thought));
    }
    String text = said.path("content").asText("");
    if (!text.isEmpty()) {
      output.add(message(itemId("msg", id, output.size()), COMPLETED, outputText(text)));
    }
    String refusal = said.path("refusal").asText("");
    if (!refusal.isEmpty()) {
      output.add(
          message(
              itemId("msg", id, output.size()),
              COMPLETED,
              Json.object().put("type", "refusal").put("refusal", refusal)));
    }
    Map<String, ClientTool> tools = ResponsesTools.byChatName(ask.original());
    for (JsonNode call : said.path("tool_calls")) {
      String name = call.path("function").path("name").asText("");
      ClientTool tool = tools.getOrDefault(name, ClientTool.named(name));
      String arguments = call.path("function").path("arguments").asText("");
      String callId = call.path("id").asText("");
      output.add(call(id, output.size(), callId, tool, arguments, COMPLETED));
    }
    return end(json, output, response);
  }

  static String itemId(String prefix, String queryId, int index) {
    return prefix + "_" + queryId + "_" + index;
  }

  /** The response that an item is of; empty if such an id is none of this gateway's. */
  static String responseOf(String itemId) {
    int begin = itemId.indexOf('_');
    int end = itemId.lastIndexOf('_');
    return begin < end ? ResponsesDialect.responseId(itemId.substring(begin + 1, end)) : "";
  }

  /** A response of which nothing is known but what was asked. */
  static ObjectNode beginning(ChatAsk ask, AnswerSource source) {
    ObjectNode asked = ask.original();
    ObjectNode json =
        Json.object()
            .put("id", ResponsesDialect.responseId(source.queryId()))
            .put("object", "response")
            .put("created_at", source.at().getEpochSecond())
            .put("status", IN_PROGRESS)
            .putNull("error")
            .putNull("incomplete_details")
            .put("model", source.llm());
    json.putArray("output");
    for (String field :
        new String[] {
          "instructions",
          "max_output_tokens",
          "previous_response_id",
          "prompt_cache_key",
          "temperature",
          "top_p",
          "user"
        }) {
      if (asked.has(field)) {
        json.set(field, asked.get(field));
      } else {
        json.putNull(field);
      }
    }
    json.put("parallel_tool_calls", asked.path("parallel_tool_calls").asBoolean(true));
    json.put("store", asked.path("store").asBoolean(true));
    json.set("tool_choice", asked.has("tool_choice") ? asked.get("tool_choice") : text("auto"));
    json.set("tools", asked.path("tools").isArray() ? asked.get("tools") : Json.array());
    json.set("metadata", asked.path("metadata").isObject() ? asked.get("metadata") : Json.object());
    ObjectNode reasoning = json.putObject("reasoning").putNull("effort").putNull("summary");
    if (asked.path("reasoning").has("effort")) {
      reasoning.set("effort", asked.path("reasoning").get("effort"));
    }
    if (asked.path("text").isObject()) {
      json.set("text", asked.get("text"));
    } else {
      json.putObject("text").putObject("format").put("type", "text");
    }
    return json.put("truncation", "disabled").putNull("usage");
  }

  private static JsonNode text(String text) {
    return Json.object().put("text", text).path("text");
  }

  static ObjectNode outputText(String text) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  static ObjectNode message(String id, String status, ObjectNode content) {
    ObjectNode item =
        Json.object()
            .put("id", id)
            .put("type", "message")
            .put("status", status)
            .put("role", "assistant");
    item.putArray("content").add(content);
    return item;
  }

  static ObjectNode reasoning(String id, String text) {
    ObjectNode item = Json.object().put("id", id).put("type", "reasoning");
    item.putArray("summary").add(summary(text));
    return item;
  }

  static ObjectNode summary(String text) {
    return Json.object().put("type", "summary_text").put("text", text);
  }

  static ObjectNode call(
      String queryId, int index, String callId, ClientTool tool, String arguments, String status) {
    ObjectNode item =
        Json.object()
            .put("id", itemId(tool.custom() ? "ctc" : "fc", queryId, index))
            .put("type", tool.custom() ? "custom_tool_call" : "function_call")
            .put("status", status)
            .put("call_id", callId)
            .put("name", tool.name());
    if (tool.namespace() != null) {
      item.put("namespace", tool.namespace());
    }
    return tool.custom()
        ? item.put("input", ResponsesTools.customInput(arguments))
        : item.put("arguments", arguments);
  }

  /** Adds what is known at the end. */
  static ObjectNode end(ObjectNode json, ArrayNode output, ObjectNode response) {
    String reason = response.path("choices").path(0).path("finish_reason").asText("stop");
    switch (reason) {
      case "length" -> incomplete(json, "max_output_tokens");
      case "content_filter" -> incomplete(json, "content_filter");
      default -> json.put("status", COMPLETED);
    }
    json.set("output", output);
    ChatUsage usage = ChatUsage.of(response);
    ObjectNode tokens = json.putObject("usage").put("input_tokens", usage.prompt());
    tokens
        .putObject("input_tokens_details")
        .put("cached_tokens", usage.cached())
        .put("cache_write_tokens", 0);
    tokens.put("output_tokens", usage.completion());
    tokens.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
    tokens.put("total_tokens", usage.prompt() + usage.completion());
    return json;
  }

  private static void incomplete(ObjectNode json, String reason) {
    json.put("status", "incomplete");
    json.putObject("incomplete_details").put("reason", reason);
  }
}
