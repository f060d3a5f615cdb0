package dev.turnout.gateway.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.schema.ApiKey;
import dev.turnout.topic.FieldLimits;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keys as JSON objects, as commands print them and files hold them. */
public final class KeyJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "hash",
          "tenant",
          "description",
          "ask",
          "decide",
          "graders",
          "read_tenants",
          "administer",
          "requests_per_minute",
          "tokens_per_minute",
          "concurrency",
          "allowed_llms",
          "expires_at",
          "revoked_at",
          "created_at");

  private KeyJson() {}

  /** A key without its hash, for people. */
  public static ObjectNode shown(ApiKey key) {
    ObjectNode json = stored(key);
    json.remove("hash");
    return json;
  }

  /** A key with its hash, for a file. */
  static ObjectNode stored(ApiKey key) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", key.getId());
    json.put("hash", key.getHash());
    json.put("tenant", key.getTenant());
    json.put("description", key.getDescription());
    json.put("ask", key.getAsk());
    json.put("decide", key.getDecide());
    key.getGraders().forEach(json.putArray("graders")::add);
    key.getReadTenants().forEach(json.putArray("read_tenants")::add);
    json.put("administer", key.getAdminister());
    json.put("requests_per_minute", key.getRequestsPerMinute());
    json.put("tokens_per_minute", key.getTokensPerMinute());
    json.put("concurrency", key.getConcurrency());
    key.getAllowedLlms().forEach(json.putArray("allowed_llms")::add);
    json.put("expires_at", text(key.getExpiresAt()));
    json.put("revoked_at", text(key.getRevokedAt()));
    json.put("created_at", text(key.getCreatedAt()));
    return json;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /**
   * Reads a key that a gateway can use.
   *
   * @throws IllegalArgumentException naming key and field
   */
  public static ApiKey read(JsonNode json) {
    ApiKey key = fields(json);
    String excess = FieldLimits.excess(key);
    require(excess == null, key.getId(), "its " + excess);
    AccessKey unusedChecked = AccessKey.of(key);
    return key;
  }

  private static ApiKey fields(JsonNode json) {
    String id = json.path("id").asText();
    Set<String> unknown = new TreeSet<>();
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                unknown.add(name);
              }
            });
    // a limit whose name is misspelt would be none
    require(unknown.isEmpty(), id, "the fields " + unknown + " are unknown; known are " + FIELDS);
    require(json.path("hash").isTextual(), id, "\"hash\" is missing");
    require(json.path("tenant").isTextual(), id, "\"tenant\" is missing");
    Long concurrency = whole(json, id, "concurrency");
    require(
        concurrency == null || concurrency <= Integer.MAX_VALUE,
        id,
        "\"concurrency\" is too large");
    Instant created = instant(json, id, "created_at");
    return ApiKey.newBuilder()
        .setId(id)
        .setHash(json.path("hash").asText())
        .setTenant(json.path("tenant").asText())
        .setDescription(json.path("description").asText(""))
        .setAsk(flag(json, id, "ask"))
        .setDecide(flag(json, id, "decide"))
        .setGraders(texts(json, id, "graders"))
        .setReadTenants(texts(json, id, "read_tenants"))
        .setAdminister(flag(json, id, "administer"))
        .setRequestsPerMinute(whole(json, id, "requests_per_minute"))
        .setTokensPerMinute(whole(json, id, "tokens_per_minute"))
        .setConcurrency(concurrency == null ? null : concurrency.intValue())
        .setAllowedLlms(texts(json, id, "allowed_llms"))
        .setExpiresAt(instant(json, id, "expires_at"))
        .setRevokedAt(instant(json, id, "revoked_at"))
        .setCreatedAt(created == null ? Instant.EPOCH : created)
        .build();
  }

  private static boolean flag(JsonNode json, String id, String field) {
    JsonNode value = json.path(field);
    require(absent(value) || value.isBoolean(), id, "\"" + field + "\" is neither true nor false");
    return value.asBoolean(false);
  }

  private static @Nullable Long whole(JsonNode json, String id, String field) {
    JsonNode value = json.path(field);
    require(
        absent(value) || (value.isIntegralNumber() && value.canConvertToLong()),
        id,
        "\"" + field + "\" is no whole number");
    return absent(value) ? null : value.asLong();
  }

  private static List<String> texts(JsonNode json, String id, String field) {
    JsonNode value = json.path(field);
    require(absent(value) || value.isArray(), id, "\"" + field + "\" is no list");
    List<String> texts = new ArrayList<>();
    for (JsonNode text : value) {
      require(text.isTextual(), id, "\"" + field + "\" holds what is no text");
      texts.add(text.asText());
    }
    return texts;
  }

  private static @Nullable Instant instant(JsonNode json, String id, String field) {
    JsonNode value = json.path(field);
    if (absent(value)) {
      return null;
    }
    try {
      return Instant.parse(value.asText());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "key \"" + id + "\": \"" + field + "\" is no time such as 2027-01-31T00:00:00Z", e);
    }
  }

  private static boolean absent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static void require(boolean holds, String id, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("key \"" + id + "\": " + problem);
    }
  }
}
