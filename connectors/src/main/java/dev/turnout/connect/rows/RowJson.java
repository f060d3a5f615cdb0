package dev.turnout.connect.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Avro records as plain JSON, without Avro's wrapping of unions. */
final class RowJson {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RowJson() {}

  static ObjectNode of(IndexedRecord row) {
    ObjectNode json = NODES.objectNode();
    for (Schema.Field field : row.getSchema().getFields()) {
      json.set(field.name(), value(row.get(field.pos()), field.schema()));
    }
    return json;
  }

  private static JsonNode value(@Nullable Object value, Schema schema) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof IndexedRecord row) {
      return of(row);
    }
    if (value instanceof Collection<?> items) {
      ArrayNode array = NODES.arrayNode();
      Schema item = present(schema).getElementType();
      items.forEach(each -> array.add(value(each, item)));
      return array;
    }
    if (value instanceof Map<?, ?> entries) {
      ObjectNode object = NODES.objectNode();
      Schema entry = present(schema).getValueType();
      entries.forEach((key, each) -> object.set(key.toString(), value(each, entry)));
      return object;
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return NODES.binaryNode(copy);
    }
    if (value instanceof GenericFixed fixed) {
      return NODES.binaryNode(fixed.bytes());
    }
    if (value instanceof Long number && isMoment(present(schema))) {
      return NODES.textNode(Instant.ofEpochMilli(number).toString());
    }
    return value instanceof Number || value instanceof Boolean
        ? MAPPER.valueToTree(value)
        : NODES.textNode(value.toString());
  }

  private static boolean isMoment(Schema schema) {
    return schema.getLogicalType() instanceof LogicalTypes.TimestampMillis;
  }

  /** The branch of a union that is not null. */
  private static Schema present(Schema schema) {
    return schema.isUnion()
        ? schema.getTypes().stream()
            .filter(type -> type.getType() != Schema.Type.NULL)
            .findFirst()
            .orElse(schema)
        : schema;
  }
}
