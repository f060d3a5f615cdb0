package dev.turnout.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes queries of the JSON that clients send. */
final class QueryReader {

  /** Model names of the OpenAI API that leave the choice to the router. */
  private static final List<String> ROUTED_MODELS = List.of("", "turnout", "auto");

  private static final ObjectMapper JSON = new ObjectMapper();

  private QueryReader() {}

  static JsonNode json(String body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (!json.isObject()) {
        throw GatewayError.badRequest("the body must be a JSON object");
      }
      return json;
    } catch (JsonProcessingException broken) {
      throw GatewayError.badRequest("the body is not JSON: " + broken.getOriginalMessage());
    }
  }

  /** A query of our own API: text, and optionally id, tenant, session, constraints, metadata. */
  static Query.Builder query(JsonNode json, String newId) {
    Query.Builder query =
        Query.newBuilder()
            .setId(optional(json, "id") == null ? newId : json.path("id").asText())
            .setText(checked(json.path("text")))
            .setSession(optional(json, "session"))
            .setReplyTo(optional(json, "replyTo"))
            .setMetadata(strings(json.path("metadata")));
    String tenant = optional(json, "tenant");
    if (tenant != null) {
      query.setTenant(tenant);
    }
    if (json.path("constraints").isObject()) {
      query.setConstraints(constraints(json.path("constraints")));
    }
    return query;
  }

  /** A query of OpenAI's chat-completions API: routed by its last user message. */
  static Query.Builder chat(JsonNode json, String newId) {
    if (json.path("stream").asBoolean(false)) {
      throw GatewayError.badRequest("streaming is not supported; send \"stream\": false");
    }
    JsonNode messages = json.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw GatewayError.badRequest("\"messages\" must be an array with at least one message");
    }
    Query.Builder query =
        Query.newBuilder()
            .setId(newId)
            .setText(lastUserText(messages))
            .setMetadata(strings(json.path("metadata")))
            .setChat(ChatRequest.newBuilder().setBody(json.toString()).build());
    String model = json.path("model").asText("");
    if (!ROUTED_MODELS.contains(model)) {
      query.setConstraints(QueryConstraints.newBuilder().setAllowedLlms(List.of(model)).build());
    }
    return query;
  }

  private static String lastUserText(JsonNode messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).path("role").asText().equals("user")) {
        return checked(text(messages.get(i).path("content")));
      }
    }
    throw GatewayError.badRequest("\"messages\" has none with the role \"user\"");
  }

  /** Content is a text, or a list of parts of which those of type text count. */
  private static JsonNode text(JsonNode content) {
    if (!content.isArray()) {
      return content;
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode part : content) {
      if (part.path("type").asText().equals("text")) {
        joined.append(joined.isEmpty() ? "" : "\n").append(part.path("text").asText());
      }
    }
    return JSON.getNodeFactory().textNode(joined.toString());
  }

  private static String checked(JsonNode text) {
    if (!text.isTextual() || text.asText().isBlank()) {
      throw GatewayError.badRequest("the question is missing or empty");
    }
    return text.asText();
  }

  private static QueryConstraints constraints(JsonNode json) {
    List<String> allowed = new ArrayList<>();
    json.path("allowedLlms").forEach(llm -> allowed.add(llm.asText()));
    return QueryConstraints.newBuilder()
        .setAllowedLlms(allowed)
        .setMaxCostUsd(number(json, "maxCostUsd"))
        .setMaxLatencyMs(
            json.path("maxLatencyMs").isNumber() ? json.path("maxLatencyMs").asLong() : null)
        .setCostWeight(number(json, "costWeight"))
        .setLatencyWeight(number(json, "latencyWeight"))
        .setPolicy(optional(json, "policy"))
        .setExplore(json.path("explore").isBoolean() ? json.path("explore").asBoolean() : null)
        .build();
  }

  private static @Nullable Double number(JsonNode json, String field) {
    return json.path(field).isNumber() ? json.path(field).asDouble() : null;
  }

  private static @Nullable String optional(JsonNode json, String field) {
    return json.path(field).isTextual() && !json.path(field).asText().isBlank()
        ? json.path(field).asText()
        : null;
  }

  private static Map<String, String> strings(JsonNode json) {
    Map<String, String> strings = new HashMap<>();
    json.properties().forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
    return strings;
  }
}
