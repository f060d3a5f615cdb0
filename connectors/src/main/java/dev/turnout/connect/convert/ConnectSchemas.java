package dev.turnout.connect.convert;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;

/**
 * Connect's schemas of Avro's: a record is a struct of its full name, an enum a string, a moment
 * Connect's Timestamp. What may be null or has a default is optional. Safe for several threads.
 */
public final class ConnectSchemas {
  private static final int MOST = 1_000;

  private static final Cache<org.apache.avro.Schema, Schema> KNOWN =
      Caffeine.newBuilder().maximumSize(MOST).build();

  private ConnectSchemas() {}

  /**
   * The schema of a record.
   *
   * @throws DataException if it nests in itself or has a union of several types, which Connect
   *     cannot say
   */
  public static Schema of(org.apache.avro.Schema record) {
    Schema known = KNOWN.getIfPresent(record);
    if (known == null) {
      known = schema(record, false, new HashSet<>());
      KNOWN.put(record, known);
    }
    return known;
  }

  private static Schema schema(org.apache.avro.Schema avro, boolean optional, Set<String> around) {
    SchemaBuilder builder =
        switch (avro.getType()) {
          case RECORD -> struct(avro, around);
          case ARRAY -> SchemaBuilder.array(schema(avro.getElementType(), false, around));
          case MAP ->
              SchemaBuilder.map(Schema.STRING_SCHEMA, schema(avro.getValueType(), false, around));
          case STRING, ENUM -> SchemaBuilder.string();
          case BYTES, FIXED -> SchemaBuilder.bytes();
          case INT -> SchemaBuilder.int32();
          case LONG ->
              avro.getLogicalType() instanceof LogicalTypes.TimestampMillis
                  ? Timestamp.builder()
                  : SchemaBuilder.int64();
          case FLOAT -> SchemaBuilder.float32();
          case DOUBLE -> SchemaBuilder.float64();
          case BOOLEAN -> SchemaBuilder.bool();
          case UNION -> null;
          case NULL -> throw new DataException("a type that is always null says nothing");
        };
    if (builder == null) {
      return schema(present(avro), true, around);
    }
    return optional ? builder.optional().build() : builder.build();
  }

  private static SchemaBuilder struct(org.apache.avro.Schema avro, Set<String> around) {
    if (!around.add(avro.getFullName())) {
      throw new DataException(
          avro.getFullName() + " holds itself; read its topic with ByteArrayConverter");
    }
    SchemaBuilder struct = SchemaBuilder.struct().name(avro.getFullName()).doc(avro.getDoc());
    for (org.apache.avro.Schema.Field field : avro.getFields()) {
      struct.field(field.name(), schema(field.schema(), field.hasDefaultValue(), around));
    }
    around.remove(avro.getFullName());
    return struct;
  }

  /** The type of a value that may be null. */
  static org.apache.avro.Schema present(org.apache.avro.Schema avro) {
    if (!avro.isUnion()) {
      return avro;
    }
    List<org.apache.avro.Schema> types =
        avro.getTypes().stream()
            .filter(type -> type.getType() != org.apache.avro.Schema.Type.NULL)
            .toList();
    if (types.size() != 1) {
      throw new DataException(
          "a union of several types, " + avro + "; read its topic with ByteArrayConverter");
    }
    return types.get(0);
  }
}
