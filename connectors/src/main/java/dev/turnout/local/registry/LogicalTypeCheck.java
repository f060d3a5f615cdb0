package dev.turnout.local.registry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Finds logical types on types that they do not belong to, e.g. timestamp-millis on an int. Avro
 * reads such a schema as if they were not there, so that writer and reader disagree in silence.
 */
final class LogicalTypeCheck {

  private final List<String> problems = new ArrayList<>();
  private final Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private LogicalTypeCheck() {}

  /** What is wrong, one line for each place; empty when nothing is. */
  static List<String> problems(Schema schema) {
    LogicalTypeCheck check = new LogicalTypeCheck();
    check.visit(schema, schema.getType().getName());
    return check.problems;
  }

  private void visit(Schema schema, String place) {
    if (!seen.add(schema)) {
      return;
    }
    if (schema.getObjectProp(LogicalType.LOGICAL_TYPE_PROP) != null) {
      check(schema, place);
    }
    switch (schema.getType()) {
      case RECORD ->
          schema
              .getFields()
              .forEach(
                  field -> visit(field.schema(), "field " + schema.getName() + "." + field.name()));
      case ARRAY -> visit(schema.getElementType(), place + ", its items");
      case MAP -> visit(schema.getValueType(), place + ", its values");
      case UNION -> schema.getTypes().forEach(branch -> visit(branch, place));
      default -> {}
    }
  }

  private void check(Schema schema, String place) {
    try {
      // null for a logical type that Avro does not know: that one is the producer's own
      LogicalType unusedType = LogicalTypes.fromSchema(schema);
    } catch (RuntimeException disagrees) {
      problems.add(
          place
              + ": logicalType "
              + schema.getObjectProp(LogicalType.LOGICAL_TYPE_PROP)
              + " does not belong on "
              + schema.getType().getName()
              + " ("
              + disagrees.getMessage()
              + ")");
    }
  }
}
