package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and makes JSON. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** A new object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A new array. */
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** A client's body; a {@link GatewayError} if it is not a JSON object. */
  public static ObjectNode body(String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw GatewayError.badRequest("the body must be a JSON object");
    } catch (JsonProcessingException broken) {
      throw GatewayError.badRequest("the body is not JSON: " + broken.getOriginalMessage());
    }
  }

  /** An object of somebody who should send one; empty if it is none. */
  public static Optional<ObjectNode> parse(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return MAPPER.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException broken) {
      return Optional.empty();
    }
  }

  /** A text field; null when it is missing, null or blank. */
  public static @Nullable String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isTextual() && !value.asText().isBlank() ? value.asText() : null;
  }

  /**
   * A text field that may be missing.
   *
   * @throws GatewayError if it is something else
   */
  public static @Nullable String optionalText(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
      throw GatewayError.badRequest("\"" + field + "\" must be a string");
    }
    return text(object, field);
  }

  /**
   * A flag that may be missing.
   *
   * @throws GatewayError if it is something else
   */
  public static boolean flag(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw GatewayError.badRequest("\"" + field + "\" must be true or false");
    }
    return value.asBoolean(false);
  }

  /** Whether a field is there and not null. */
  public static boolean has(JsonNode object, String field) {
    return object.hasNonNull(field);
  }
}
