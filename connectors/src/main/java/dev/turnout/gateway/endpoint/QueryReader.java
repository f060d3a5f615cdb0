package dev.turnout.gateway.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes queries of the JSON of our own API. */
final class QueryReader {

  private QueryReader() {}

  /** A query: text, and optionally id, session, constraints, metadata, replyTo. */
  static Query.Builder query(JsonNode json, String newId) {
    String id = Json.text(json, "id");
    Query.Builder query =
        Query.newBuilder()
            .setId(id == null ? newId : id)
            .setText(checked(json.path("text")))
            .setSession(Json.text(json, "session"))
            .setReplyTo(Json.text(json, "replyTo"))
            .setMetadata(strings(json.path("metadata")));
    if (json.path("constraints").isObject()) {
      query.setConstraints(constraints(json.path("constraints")));
    }
    return query;
  }

  private static String checked(JsonNode text) {
    if (!text.isTextual() || text.asText().isBlank()) {
      throw GatewayError.badRequest("the question is missing or empty");
    }
    return text.asText();
  }

  static QueryConstraints constraints(JsonNode json) {
    List<String> allowed = new ArrayList<>();
    json.path("allowedLlms").forEach(llm -> allowed.add(llm.asText()));
    return QueryConstraints.newBuilder()
        .setAllowedLlms(allowed)
        .setMaxCostUsd(number(json, "maxCostUsd"))
        .setMaxLatencyMs(
            json.path("maxLatencyMs").isNumber() ? json.path("maxLatencyMs").asLong() : null)
        .setCostWeight(number(json, "costWeight"))
        .setLatencyWeight(number(json, "latencyWeight"))
        .setMinSuccess(number(json, "minSuccess"))
        .setPolicy(Json.text(json, "policy"))
        .setExplore(json.path("explore").isBoolean() ? json.path("explore").asBoolean() : null)
        .build();
  }

  private static @Nullable Double number(JsonNode json, String field) {
    return json.path(field).isNumber() ? json.path(field).asDouble() : null;
  }

  static Map<String, String> strings(JsonNode json) {
    Map<String, String> strings = new HashMap<>();
    json.properties().forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
    return strings;
  }
}
