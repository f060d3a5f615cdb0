package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.PastChats;
import dev.turnout.gateway.dialect.SameFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of the Responses API as a chat. What has no counterpart is refused by name; what only
 * says how OpenAI should keep or show the answer is ignored and named in the answer's headers.
 */
final class ResponsesRequest {

  private static final SameFields FIELDS =
      new SameFields(
          Map.ofEntries(
              Map.entry("temperature", "temperature"),
              Map.entry("top_p", "top_p"),
              Map.entry("max_output_tokens", "max_completion_tokens"),
              Map.entry("metadata", "metadata"),
              Map.entry("user", "user"),
              Map.entry("safety_identifier", "safety_identifier"),
              Map.entry("prompt_cache_key", "prompt_cache_key"),
              Map.entry("prompt_cache_retention", "prompt_cache_retention"),
              Map.entry("service_tier", "service_tier"),
              Map.entry("top_logprobs", "top_logprobs")),
          Set.of(
              "model",
              "input",
              "instructions",
              "stream",
              "tools",
              "tool_choice",
              "parallel_tool_calls",
              "text",
              "reasoning",
              "previous_response_id",
              "truncation",
              "background",
              "store"),
          Set.of(
              "include",
              "stream_options",
              "client_metadata",
              // of tools that OpenAI runs
              "max_tool_calls",
              "prompt_cache_options",
              "context_management"));

  private final ObjectNode json;
  private final ObjectNode chat = Json.object();
  private final List<String> ignored = new ArrayList<>();

  private ResponsesRequest(ObjectNode json) {
    this.json = json;
  }

  static ChatAsk read(ObjectNode json, PastChats past) {
    return new ResponsesRequest(json).read(past);
  }

  private ChatAsk read(PastChats past) {
    fields();
    messages(past);
    ResponsesTools.add(json, chat, ignored);
    text();
    reasoning();
    String model = Json.optionalText(json, "model");
    @Nullable String session = Json.text(json, "prompt_cache_key");
    return new ChatAsk(
        chat,
        chat.toString(),
        json,
        model == null ? "" : model,
        Json.flag(json, "stream"),
        true,
        session,
        ChatDialect.isBatch(json),
        ignored);
  }

  private void fields() {
    ignored.addAll(FIELDS.copy(json, chat));
    if (chat.path("top_logprobs").asInt(0) > 0) {
      chat.put("logprobs", true);
    } else {
      chat.remove("top_logprobs");
    }
    if (Json.flag(json, "background")) {
      throw GatewayError.unsupported("\"background\": true", "wait for the answer, or stream it");
    }
    if (json.path("truncation").asText("disabled").equals("auto")) {
      ignored.add("truncation");
    }
  }

  private void messages(PastChats past) {
    ArrayNode messages = chat.putArray("messages");
    String instructions = Json.optionalText(json, "instructions");
    if (instructions != null) {
      messages.addObject().put("role", "system").put("content", instructions);
    }
    String previous = Json.optionalText(json, "previous_response_id");
    if (previous != null) {
      messages.addAll(
          past.messages(previous)
              .orElseThrow(
                  () ->
                      new GatewayError(
                          400,
                          "invalid_request_error",
                          "previous_response_not_found",
                          "the previous response \""
                              + previous
                              + "\" is not known here any more; send the whole conversation as"
                              + " \"input\"")));
    }
    JsonNode input = json.path("input");
    if (input.isTextual()) {
      messages.addObject().put("role", "user").put("content", input.asText());
    } else if (input.isArray()) {
      new ResponsesItems(messages, past).add(input);
    } else {
      throw GatewayError.badRequest("\"input\" must be a string or an array of items");
    }
    if (messages.size() == (instructions == null ? 0 : 1)) {
      throw GatewayError.badRequest("\"input\" is empty");
    }
  }

  private void text() {
    JsonNode text = json.path("text");
    if (Json.has(text, "verbosity")) {
      chat.set("verbosity", text.path("verbosity"));
    }
    JsonNode format = text.path("format");
    switch (format.path("type").asText("text")) {
      case "text" -> {
        // what a chat answers with anyway
      }
      case "json_object" -> chat.putObject("response_format").put("type", "json_object");
      case "json_schema" -> {
        ObjectNode schema = format.deepCopy();
        schema.remove("type");
        chat.putObject("response_format").put("type", "json_schema").set("json_schema", schema);
      }
      default ->
          throw GatewayError.unsupported(
              "\"text.format.type\": \"" + format.path("type").asText() + "\"",
              "use text, json_object or json_schema");
    }
  }

  private void reasoning() {
    JsonNode reasoning = json.path("reasoning");
    if (Json.has(reasoning, "effort")) {
      chat.set("reasoning_effort", reasoning.path("effort"));
    }
    if (Json.has(reasoning, "summary") || Json.has(reasoning, "generate_summary")) {
      ignored.add("reasoning.summary");
    }
  }
}
