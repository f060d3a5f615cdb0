package dev.turnout.llm.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of chats so that what nobody touches is written as it was read. */
public final class ChatJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ChatJson() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The object that a text is; null when it is none. */
  public static @Nullable ObjectNode object(String text) {
    try {
      return MAPPER.readTree(text) instanceof ObjectNode object ? object : null;
    } catch (JsonProcessingException notJson) {
      return null;
    }
  }

  /** A field that is there and not null. */
  public static boolean has(JsonNode object, String field) {
    return object.hasNonNull(field);
  }

  /** A text's value; null when the field is none. */
  public static @Nullable String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isTextual() ? value.textValue() : null;
  }

  /** A whole number; null when the field is none. */
  public static @Nullable Long number(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isNumber() ? value.longValue() : null;
  }

  /**
   * The text of a message's content: itself, or its parts of type text.
   *
   * @return empty when there is none
   */
  public static String content(JsonNode content) {
    if (!content.isArray()) {
      return content.isTextual() ? content.textValue() : "";
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if ("text".equals(text(part, "type"))) {
        text.append(part.path("text").asText());
      }
    }
    return text.toString();
  }
}
