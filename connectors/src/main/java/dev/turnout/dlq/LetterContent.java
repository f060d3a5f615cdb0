package dev.turnout.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.rest.Outage;
import dev.turnout.serde.WrittenRecord;
import dev.turnout.topic.LogText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * What is in dead letters, as far as it can be read: by the schema that the value was written with,
 * whether or not it is ours. Once the registry does not answer, nothing more is asked of it.
 */
public final class LetterContent {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int HEX_BYTES = 256;
  private static final int HEX_WIDTH = 16;

  private final SchemaRegistryClient registry;
  private @Nullable String outage;

  /**
   * @param serde settings of the schema registry
   */
  public LetterContent(Map<String, ?> serde) {
    this.registry = SchemaRegistryClient.create(serde);
  }

  /** The value by its schema; else why it cannot be read. */
  public sealed interface Value {
    /**
     * It was read.
     *
     * @param type full name of its schema
     */
    record Read(String type, int schemaId, JsonNode json) implements Value {}

    /** It was not read, and why. */
    record Unread(String why) implements Value {}
  }

  /** Reads a value. */
  public Value value(Letter letter) {
    byte[] value = letter.record().value();
    if (value == null) {
      return new Value.Unread(
          letter.omitted().contains("value") ? "it is left out" : "the record has none");
    }
    try {
      WrittenRecord written = written(letter, value);
      return new Value.Read(
          written.schema().getFullName(), written.schemaId(), MAPPER.readTree(written.json()));
    } catch (KafkaException | JsonProcessingException e) {
      return new Value.Unread(String.valueOf(e.getMessage()));
    }
  }

  /** Id of the query that a letter is about: of its value if that can be read, else its key. */
  public Optional<String> queryId(Letter letter) {
    byte[] value = letter.record().value();
    try {
      if (value != null && outage == null) {
        Optional<String> id = queryId(written(letter, value).value());
        if (id.isPresent()) {
          return id;
        }
      }
    } catch (KafkaException unreadable) {
      // most letters are here because nobody can read them
    }
    byte[] key = letter.record().key();
    return key == null || key.length == 0
        ? Optional.empty()
        : Optional.of(new String(key, StandardCharsets.UTF_8));
  }

  private WrittenRecord written(Letter letter, byte[] value) {
    if (outage != null) {
      throw new KafkaException(outage);
    }
    try {
      return WrittenRecord.read(letter.topic(), value, registry);
    } catch (KafkaException e) {
      if (Outage.isBehind(e)) {
        outage = e.getMessage();
      }
      throw e;
    }
  }

  private static Optional<String> queryId(Object value) {
    if (!(value instanceof GenericRecord record)) {
      return Optional.empty();
    }
    for (String field : new String[] {"queryId", "id"}) {
      if (record.hasField(field) && record.get(field) != null) {
        return Optional.of(record.get(field).toString());
      }
    }
    return record.hasField("query") ? queryId(record.get("query")) : Optional.empty();
  }

  /** JSON on several lines, fit for a terminal. */
  public static String pretty(JsonNode json) {
    StringBuilder text = new StringBuilder();
    // such characters stand within strings alone, where the escapes mean the same
    json.toPrettyString()
        .codePoints()
        .forEach(
            each -> {
              switch (Character.getType(each)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> {
                  if (each == '\n') {
                    text.append('\n');
                  } else {
                    for (char unit : Character.toChars(each)) {
                      text.append(String.format("\\u%04x", (int) unit));
                    }
                  }
                }
                default -> text.appendCodePoint(each);
              }
            });
    return text.toString();
  }

  /** The first bytes, sixteen a line, with what is text in them. */
  public static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int shown = Math.min(bytes.length, HEX_BYTES);
    for (int at = 0; at < shown; at += HEX_WIDTH) {
      byte[] line = Arrays.copyOfRange(bytes, at, Math.min(shown, at + HEX_WIDTH));
      StringBuilder plain = new StringBuilder();
      for (byte each : line) {
        plain.append(each >= ' ' && each <= '~' ? (char) each : '.');
      }
      text.append(
          String.format("%08x  %-48s %s%n", at, HexFormat.ofDelimiter(" ").formatHex(line), plain));
    }
    if (shown < bytes.length) {
      text.append(String.format("… of %,d bytes%n", bytes.length));
    }
    return text.toString();
  }

  /** A header's value: text where it is text, else its first bytes in hexadecimal digits. */
  public static String text(byte @Nullable [] value) {
    if (value == null) {
      return "null";
    }
    String text = new String(value, StandardCharsets.UTF_8);
    return text.indexOf('\ufffd') < 0
        ? LogText.of(text)
        : "0x" + HexFormat.of().formatHex(value, 0, Math.min(value.length, 32));
  }
}
