package dev.turnout.connect.convert;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Connect's structs of Avro's records, and back. */
public final class ConnectStructs {
  private ConnectStructs() {}

  /**
   * The struct of a record, of {@link ConnectSchemas}' schema.
   *
   * @throws DataException if Connect cannot say what the record holds
   */
  public static Struct of(IndexedRecord record) {
    return struct(record, ConnectSchemas.of(record.getSchema()));
  }

  private static Struct struct(IndexedRecord record, org.apache.kafka.connect.data.Schema schema) {
    Struct struct = new Struct(schema);
    for (Field field : schema.fields()) {
      Schema.Field from = record.getSchema().getFields().get(field.index());
      struct.put(field, connect(record.get(field.index()), from.schema(), field.schema()));
    }
    return struct;
  }

  @SuppressWarnings("JavaUtilDate") // what timestamps are in Connect
  private static @Nullable Object connect(
      @Nullable Object value, Schema from, org.apache.kafka.connect.data.Schema to) {
    if (value == null) {
      return null;
    }
    Schema avro = ConnectSchemas.present(from);
    return switch (avro.getType()) {
      case RECORD -> struct((IndexedRecord) value, to);
      case ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        for (Object item : (Collection<?>) value) {
          items.add(connect(item, avro.getElementType(), to.valueSchema()));
        }
        yield items;
      }
      case MAP -> {
        Map<String, @Nullable Object> entries = new HashMap<>();
        ((Map<?, ?>) value)
            .forEach(
                (key, each) ->
                    entries.put(
                        key.toString(), connect(each, avro.getValueType(), to.valueSchema())));
        yield entries;
      }
      case STRING, ENUM -> value.toString();
      case FIXED -> ByteBuffer.wrap(((GenericFixed) value).bytes());
      case LONG ->
          avro.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? new Date(value instanceof Instant moment ? moment.toEpochMilli() : (Long) value)
              : value;
      default -> value;
    };
  }

  /**
   * The record of a struct: of the generated class where there is one, else generic. A field that
   * the struct has not, or null where null may not be, gets its default; what the struct has beyond
   * the schema is left out.
   *
   * @throws DataException naming the field that is missing or of another type
   */
  public static IndexedRecord record(Struct struct, Schema schema) {
    return record(struct, schema, "");
  }

  private static IndexedRecord record(Struct struct, Schema schema, String path) {
    SpecificData model = SpecificData.get();
    IndexedRecord record = (IndexedRecord) model.newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      Field from = struct.schema().field(field.name());
      Object value = from == null ? null : struct.get(from);
      String name = path + field.name();
      if (value != null) {
        record.put(field.pos(), avro(value, field.schema(), name));
      } else if (!field.schema().isNullable()) {
        if (!field.hasDefaultValue()) {
          throw new DataException(schema.getFullName() + " needs \"" + name + "\"");
        }
        record.put(field.pos(), model.getDefaultValue(field));
      }
    }
    return record;
  }

  private static Object avro(Object value, Schema union, String name) {
    Schema schema = ConnectSchemas.present(union);
    try {
      return switch (schema.getType()) {
        case RECORD -> record((Struct) value, schema, name + ".");
        case ARRAY -> {
          List<Object> items = new ArrayList<>();
          for (Object item : (Collection<?>) value) {
            items.add(avro(item, schema.getElementType(), name));
          }
          yield items;
        }
        case MAP -> {
          Map<String, Object> entries = new HashMap<>();
          ((Map<?, ?>) value)
              .forEach(
                  (key, each) ->
                      entries.put(
                          key.toString(), avro(each, schema.getValueType(), name + "." + key)));
          yield entries;
        }
        case ENUM -> constant(value.toString(), schema, name);
        case STRING -> (String) value;
        case BYTES -> value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : (ByteBuffer) value;
        case LONG -> moment(value, schema);
        case INT -> ((Number) value).intValue();
        case DOUBLE -> ((Number) value).doubleValue();
        case FLOAT -> ((Number) value).floatValue();
        case BOOLEAN -> (Boolean) value;
        default -> value;
      };
    } catch (ClassCastException other) {
      throw new DataException(
          "\"" + name + "\" must be " + schema.getType().getName() + ", not " + value.getClass(),
          other);
    }
  }

  private static Object constant(String value, Schema schema, String name) {
    if (!schema.hasEnumSymbol(value)) {
      throw new DataException(
          "\"" + name + "\" is \"" + value + "\"; it must be one of " + schema.getEnumSymbols());
    }
    return SpecificData.get().createEnum(value, schema);
  }

  private static Object moment(Object value, Schema schema) {
    if (!(schema.getLogicalType() instanceof LogicalTypes.TimestampMillis)) {
      return ((Number) value).longValue();
    }
    return value instanceof Date date
        ? date.toInstant()
        : Instant.ofEpochMilli(((Number) value).longValue());
  }
}
