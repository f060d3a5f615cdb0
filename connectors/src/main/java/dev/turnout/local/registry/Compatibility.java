package dev.turnout.local.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Which of a subject's schemas must be able to read records written with which other. */
enum Compatibility {
  /** Anything goes. */
  NONE(false, false, false),
  /** The new schema reads what the latest wrote. */
  BACKWARD(true, false, false),
  /** The new schema reads what every earlier one wrote. */
  BACKWARD_TRANSITIVE(true, false, true),
  /** The latest schema reads what the new one writes. */
  FORWARD(false, true, false),
  /** Every earlier schema reads what the new one writes. */
  FORWARD_TRANSITIVE(false, true, true),
  /** Backward and forward. */
  FULL(true, true, false),
  /** Backward and forward, for every earlier schema. */
  FULL_TRANSITIVE(true, true, true);

  private final boolean backward;
  private final boolean forward;
  private final boolean transitive;

  Compatibility(boolean backward, boolean forward, boolean transitive) {
    this.backward = backward;
    this.forward = forward;
    this.transitive = transitive;
  }

  static Compatibility named(String name) {
    return Arrays.stream(values())
        .filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new RegistryError(
                    422,
                    42203,
                    "Invalid compatibility level "
                        + name
                        + "; choose one of "
                        + Arrays.toString(values())));
  }

  /**
   * Why a schema may not follow.
   *
   * @param candidate the schema to be added
   * @param earlier the subject's schemas, oldest first
   * @return the problems in words; empty when the schema may follow
   */
  List<String> problems(Schema candidate, List<Schema> earlier) {
    List<String> problems = new ArrayList<>();
    int first = transitive ? 0 : Math.max(0, earlier.size() - 1);
    for (Schema old : earlier.subList(first, earlier.size())) {
      if (backward) {
        problems.addAll(unreadable(candidate, old, "the new schema cannot read the old one's"));
      }
      if (forward) {
        problems.addAll(unreadable(old, candidate, "the old schema cannot read the new one's"));
      }
    }
    return problems;
  }

  private static List<String> unreadable(Schema reader, Schema writer, String direction) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(problem -> direction + " records: " + describe(problem))
        .toList();
  }

  private static String describe(Incompatibility problem) {
    return problem.getType() + " at " + problem.getLocation() + ": " + problem.getMessage();
  }
}
