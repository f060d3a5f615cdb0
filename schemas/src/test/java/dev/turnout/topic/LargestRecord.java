package dev.turnout.topic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The largest record that a schema and the {@link FieldLimits} allow: every field is filled to its
 * limit, every union holds its larger branch, every number has as many bytes as numbers can have.
 */
final class LargestRecord {
  private LargestRecord() {}

  static SpecificRecord of(Schema schema) {
    SpecificRecord record = (SpecificRecord) SpecificData.get().newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      String name = schema.getName() + "." + field.name();
      record.put(field.pos(), largest(field.schema(), FieldLimits.of(schema, field.name()), name));
    }
    return record;
  }

  /** A text of exactly so many bytes. */
  static String text(int bytes) {
    return "x".repeat(bytes);
  }

  private static Object largest(Schema schema, @Nullable FieldLimit limit, String name) {
    if (LogicalTypes.fromSchemaIgnoreInvalid(schema) instanceof LogicalTypes.TimestampMillis) {
      return Instant.ofEpochMilli(Long.MAX_VALUE / 2);
    }
    return switch (schema.getType()) {
      case UNION -> largest(nonNull(schema), limit, name);
      case RECORD -> of(schema);
      case STRING -> text(required(limit, name).bytes());
      case BYTES -> ByteBuffer.allocate(required(limit, name).bytes());
      case ARRAY -> array(schema.getElementType(), required(limit, name), name);
      case MAP -> map(schema.getValueType(), required(limit, name), name);
      case ENUM -> lastConstant(schema);
      case INT -> Integer.MIN_VALUE;
      case LONG -> Long.MIN_VALUE;
      case DOUBLE -> Math.PI;
      case BOOLEAN -> true;
      default -> throw new AssertionError(name + " is a " + schema + ", of which nobody thought");
    };
  }

  private static FieldLimit required(@Nullable FieldLimit limit, String name) {
    if (limit == null) {
      throw new AssertionError(
          name
              + " may be of any size; give it a limit in FieldLimits, and hold it where it enters");
    }
    return limit;
  }

  private static Schema nonNull(Schema union) {
    List<Schema> branches =
        union.getTypes().stream().filter(each -> each.getType() != Schema.Type.NULL).toList();
    if (branches.size() != 1) {
      throw new AssertionError(union + " has several branches; teach this test which is largest");
    }
    return branches.get(0);
  }

  private static List<Object> array(Schema element, FieldLimit limit, String name) {
    if (element.getType() != Schema.Type.STRING) {
      return Collections.nCopies(limit.entries(), largest(element, null, name));
    }
    List<Object> texts = new ArrayList<>();
    for (int i = 0; i < limit.entries(); i++) {
      texts.add(text(share(limit, i)));
    }
    return texts;
  }

  private static Map<String, Object> map(Schema value, FieldLimit limit, String name) {
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < limit.entries(); i++) {
      String number = String.format("%04d", i);
      int rest = share(limit, i) - number.length();
      if (value.getType() == Schema.Type.STRING) {
        map.put(number, text(rest));
      } else {
        map.put(number + text(rest), largest(value, null, name));
      }
    }
    return map;
  }

  /** Bytes of one of the entries, so that all together have exactly those of the limit. */
  private static int share(FieldLimit limit, int entry) {
    int each = limit.bytes() / limit.entries();
    return entry == 0 ? limit.bytes() - each * (limit.entries() - 1) : each;
  }

  private static Object lastConstant(Schema schema) {
    List<String> symbols = schema.getEnumSymbols();
    Object constant = SpecificData.get().createEnum(symbols.get(symbols.size() - 1), schema);
    return constant;
  }

  static byte[] key() {
    return text(RecordLimits.KEY).getBytes(StandardCharsets.UTF_8);
  }
}
