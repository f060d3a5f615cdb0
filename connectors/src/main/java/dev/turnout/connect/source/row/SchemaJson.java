package dev.turnout.connect.source.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads JSON into a generated Avro class by its schema. Numbers, booleans, objects and arrays may
 * also be text, as cells of CSV are; moments are ISO 8601 or epoch milliseconds.
 */
final class SchemaJson {
  private SchemaJson() {}

  /**
   * A record.
   *
   * @param known fields that may be given
   * @throws RowException naming the field that is unknown, missing or wrong
   */
  static SpecificRecord record(ObjectNode json, Schema schema, Collection<String> known)
      throws RowException {
    return record(json, schema, known, "");
  }

  private static SpecificRecord record(
      JsonNode json, Schema schema, Collection<String> known, String path) throws RowException {
    for (Map.Entry<String, JsonNode> given : json.properties()) {
      if (!known.contains(given.getKey())) {
        throw new RowException(
            "there is no field \"%s%s\"; those are %s"
                .formatted(path, given.getKey(), known.stream().sorted().toList()));
      }
    }
    SpecificData model = SpecificData.get();
    SpecificRecord record = (SpecificRecord) model.newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode given = json.path(field.name());
      String name = path + field.name();
      if (!given.isMissingNode() && !given.isNull()) {
        record.put(field.pos(), value(given, field.schema(), name));
      } else if (field.hasDefaultValue()) {
        Object usual = model.getDefaultValue(field);
        if (usual != null) {
          record.put(field.pos(), usual);
        }
      } else {
        throw new RowException("the row has no \"" + name + "\", and needs one");
      }
    }
    return record;
  }

  private static Object value(JsonNode json, Schema union, String name) throws RowException {
    Schema schema =
        union.isUnion()
            ? union.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow()
            : union;
    try {
      return switch (schema.getType()) {
        case RECORD -> {
          JsonNode object = expect(parsed(json).isObject(), parsed(json), name, "an object");
          yield record(
              object,
              schema,
              schema.getFields().stream().map(Schema.Field::name).toList(),
              name + ".");
        }
        case ARRAY -> {
          List<Object> items = new ArrayList<>();
          for (JsonNode item : expect(parsed(json).isArray(), parsed(json), name, "an array")) {
            items.add(value(item, schema.getElementType(), name));
          }
          yield items;
        }
        case MAP -> {
          Map<String, Object> entries = new HashMap<>();
          JsonNode object = expect(parsed(json).isObject(), parsed(json), name, "an object");
          for (Map.Entry<String, JsonNode> entry : object.properties()) {
            entries.put(
                entry.getKey(),
                value(entry.getValue(), schema.getValueType(), name + "." + entry.getKey()));
          }
          yield entries;
        }
        case ENUM -> constant(json, schema, name);
        case STRING -> expect(json.isValueNode(), json, name, "a string").asText();
        case LONG -> schema.getLogicalType() == null ? number(json) : moment(json);
        case INT -> Math.toIntExact(number(json));
        case DOUBLE -> finite(json);
        case BOOLEAN -> bool(json, name);
        default -> throw new RowException("\"" + name + "\" cannot be given");
      };
    } catch (NumberFormatException | ArithmeticException wrong) {
      throw wrong(json, name, "a number");
    } catch (DateTimeException wrong) {
      throw wrong(json, name, "a moment such as 2026-01-31T12:00:00Z, or epoch milliseconds");
    }
  }

  /** An object or array that stands in a cell. */
  private static JsonNode parsed(JsonNode json) throws RowException {
    return json.isTextual() ? RowFields.any(json.asText()) : json;
  }

  private static long number(JsonNode json) {
    return json.isIntegralNumber() ? json.longValue() : Long.parseLong(json.asText().strip());
  }

  private static double finite(JsonNode json) {
    double number = Double.parseDouble(json.asText().strip());
    if (!Double.isFinite(number)) {
      throw new NumberFormatException();
    }
    return number;
  }

  private static Instant moment(JsonNode json) {
    String text = json.asText().strip();
    return text.matches("-?\\d+")
        ? Instant.ofEpochMilli(Long.parseLong(text))
        : OffsetDateTime.parse(text).toInstant();
  }

  private static boolean bool(JsonNode json, String name) throws RowException {
    String text = json.asText().strip().toLowerCase(Locale.ROOT);
    expect(text.equals("true") || text.equals("false"), json, name, "true or false");
    return text.equals("true");
  }

  private static Object constant(JsonNode json, Schema schema, String name) throws RowException {
    String symbol = json.asText().strip().toUpperCase(Locale.ROOT);
    expect(schema.hasEnumSymbol(symbol), json, name, "one of " + schema.getEnumSymbols());
    return SpecificData.get().createEnum(symbol, schema);
  }

  private static JsonNode expect(boolean right, JsonNode json, String name, String expected)
      throws RowException {
    if (!right) {
      throw wrong(json, name, expected);
    }
    return json;
  }

  private static RowException wrong(JsonNode json, String name, String expected) {
    String found = json.toString();
    return new RowException(
        "\"%s\" is %s; it must be %s"
            .formatted(
                name, found.length() > 100 ? found.substring(0, 100) + "…" : found, expected));
  }
}
