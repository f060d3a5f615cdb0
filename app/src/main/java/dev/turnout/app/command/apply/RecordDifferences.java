package dev.turnout.app.command.apply;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** In which fields two records of one kind differ, in words. */
final class RecordDifferences {
  /** What a change is not about. */
  private static final Set<String> TIMES = Set.of("updatedAt", "createdAt");

  private static final int LONGEST = 80;

  private RecordDifferences() {}

  /** A difference a field, {@code field before -> after}; empty when they say the same. */
  static <R extends SpecificRecordBase> List<String> between(R before, R after) {
    List<String> all = new ArrayList<>();
    for (Schema.Field field : before.getSchema().getFields()) {
      Object old = before.get(field.pos());
      Object next = after.get(field.pos());
      if (!TIMES.contains(field.name()) && !Objects.equals(old, next)) {
        String name = snake(field.name());
        // a hash is of no use to people, and a vector is not for reading
        all.add(
            name.equals("hash") || old instanceof ByteBuffer || next instanceof ByteBuffer
                ? name
                : name + " " + shown(old) + " -> " + shown(next));
      }
    }
    return all;
  }

  private static String shown(@Nullable Object value) {
    if (value == null) {
      return "none";
    }
    String text = value instanceof Enum<?> word ? word.name().toLowerCase(Locale.ROOT) : "" + value;
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  /** The name that files and listings have for a field. */
  static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
