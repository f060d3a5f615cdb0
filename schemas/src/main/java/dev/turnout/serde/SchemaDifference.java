package dev.turnout.serde;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * What another's schema makes of one of ours. Avro's rules of compatibility let more pass than
 * clients bear that write with a subject's latest schema: a string may become bytes, and fields may
 * go.
 */
final class SchemaDifference {

  private final Set<String> seen = new HashSet<>();

  private SchemaDifference() {}

  /**
   * The first way in which records of ours do not fit the other schema as they are.
   *
   * @return in words, with the place; empty when all that is ours is there, under the same types,
   *     and what is there beside it has defaults
   */
  static Optional<String> of(Schema ours, Schema other) {
    Optional<String> difference = new SchemaDifference().compare(ours, other, ours.getName());
    if (difference.isPresent()) {
      return difference;
    }
    SchemaCompatibility.SchemaPairCompatibility fit =
        SchemaCompatibility.checkReaderWriterCompatibility(other, ours);
    return fit.getType() == SchemaCompatibilityType.COMPATIBLE
        ? Optional.empty()
        : Optional.of(
            fit.getResult().getIncompatibilities().stream()
                .findFirst()
                .map(problem -> problem.getType() + " at " + problem.getLocation())
                .orElse("it does not take our records"));
  }

  private Optional<String> compare(Schema ours, Schema other, String place) {
    for (Schema wanted : branches(ours)) {
      Optional<Schema> found =
          branches(other).stream().filter(branch -> sameType(wanted, branch)).findFirst();
      if (found.isEmpty()) {
        return Optional.of(place + " is " + name(other) + " instead of " + name(ours));
      }
      Optional<String> inside = compareInside(wanted, found.get(), place);
      if (inside.isPresent()) {
        return inside;
      }
    }
    return Optional.empty();
  }

  private Optional<String> compareInside(Schema ours, Schema other, String place) {
    return switch (ours.getType()) {
      case RECORD -> seen.add(ours.getFullName()) ? compareFields(ours, other) : Optional.empty();
      case ENUM ->
          ours.getEnumSymbols().stream()
              .filter(symbol -> !other.hasEnumSymbol(symbol))
              .findFirst()
              .map(symbol -> place + " lacks the symbol " + symbol);
      case ARRAY -> compare(ours.getElementType(), other.getElementType(), place + "[]");
      case MAP -> compare(ours.getValueType(), other.getValueType(), place + "{}");
      default -> Optional.empty();
    };
  }

  private Optional<String> compareFields(Schema ours, Schema other) {
    for (Schema.Field field : ours.getFields()) {
      Schema.Field match = other.getField(field.name());
      String place = ours.getName() + "." + field.name();
      Optional<String> difference =
          match == null
              ? Optional.of(place + " is missing")
              : compare(field.schema(), match.schema(), place);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static boolean sameType(Schema ours, Schema other) {
    return switch (ours.getType()) {
      case RECORD, ENUM ->
          other.getType() == ours.getType() && other.getName().equals(ours.getName());
      case FIXED ->
          other.getType() == Schema.Type.FIXED && other.getFixedSize() == ours.getFixedSize();
      default -> other.getType() == ours.getType();
    };
  }

  private static List<Schema> branches(Schema schema) {
    return schema.isUnion() ? schema.getTypes() : List.of(schema);
  }

  private static String name(Schema schema) {
    return schema.isUnion()
        ? schema.getTypes().stream().map(Schema::getName).toList().toString()
        : schema.getName();
  }
}
