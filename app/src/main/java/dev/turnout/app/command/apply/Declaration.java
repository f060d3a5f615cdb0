package dev.turnout.app.command.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.config.ConfigProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One YAML document that says what is to be. It is read field by field; what is wrong is gathered,
 * so that all of it can be said at once, and a field that was never asked for is one nobody knows.
 */
final class Declaration {
  static final String KIND = "kind";

  private final Path file;
  private final String place;
  private final ObjectNode fields;
  private final Set<String> asked = new LinkedHashSet<>();
  private final List<ConfigProblem> problems = new ArrayList<>();

  /**
   * @param file where it stands
   * @param number of the document in its file, from 1
   * @param line on which the document begins, from 1
   */
  Declaration(Path file, int number, int line, ObjectNode fields) {
    this.file = file;
    this.place = file + ":" + line + ": document " + number;
    this.fields = fields;
  }

  /** File, line and document, for errors. */
  String place() {
    return place;
  }

  /** A field as it stands, in words. */
  String shown(String field) {
    return fields.path(field).asText();
  }

  /** A copy of all fields but the kind, for a reader that looks for unknown ones itself. */
  ObjectNode takeFields() {
    fields.fieldNames().forEachRemaining(asked::add);
    ObjectNode copy = fields.deepCopy();
    copy.remove(KIND);
    return copy;
  }

  /** A path in the document, from the folder of its file. */
  Path beside(String path) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? Path.of(path) : folder.resolve(path);
  }

  /** Says what is wrong with a field, and what would be right. */
  void refuse(String field, String problem) {
    problems.add(new ConfigProblem(place, field + ": " + problem));
  }

  boolean hasRefused() {
    return !problems.isEmpty();
  }

  /** All that is wrong, unknown fields among it. */
  List<ConfigProblem> problems() {
    List<ConfigProblem> all = new ArrayList<>(problems);
    fields
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(KIND) && !asked.contains(name)) {
                all.add(
                    new ConfigProblem(
                        place, name + ": nobody knows this field; known are " + asked));
              }
            });
    return all;
  }

  private @Nullable JsonNode value(String field) {
    asked.add(field);
    JsonNode value = fields.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** A text that must be there; empty after a problem. */
  String required(String field) {
    String text = text(field);
    if (text == null || text.isBlank()) {
      refuse(field, "is missing; give it a value");
      return "";
    }
    return text;
  }

  @Nullable String text(String field) {
    JsonNode value = value(field);
    if (value != null && value.isContainerNode()) {
      refuse(field, "must be a single value");
      return null;
    }
    return value == null ? null : value.asText();
  }

  /** A number within bounds, both of them allowed. */
  @Nullable Double number(String field, double least, double most, String right) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
      refuse(field, "must be " + right + ", not " + value);
      return null;
    }
    return value.asDouble();
  }

  /** A number that may be zero. */
  @Nullable Double notNegative(String field) {
    return number(field, 0, Double.MAX_VALUE, "a number of 0 or more");
  }

  @Nullable Double positive(String field) {
    return number(field, Double.MIN_VALUE, Double.MAX_VALUE, "a number above 0");
  }

  @Nullable Boolean flag(String field) {
    JsonNode value = value(field);
    if (value != null && !value.isBoolean()) {
      refuse(field, "must be true or false, not " + value);
      return null;
    }
    return value == null ? null : value.booleanValue();
  }

  /** A whole number of at least 1. */
  @Nullable Long whole(String field, long most) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    boolean fits = value.isIntegralNumber() && value.canConvertToLong();
    if (!fits || value.asLong() < 1 || value.asLong() > most) {
      refuse(field, "must be a whole number from 1 to " + most + ", not " + value);
      return null;
    }
    return value.asLong();
  }

  @Nullable List<String> texts(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(text -> texts.add(text.isTextual() ? text.asText() : ""));
    }
    if (!value.isArray() || texts.contains("")) {
      refuse(field, "must be a list of texts, e.g. [tools, vision]");
      return null;
    }
    return texts;
  }

  /** One of several words, in any case; null if it is not there. */
  <E extends Enum<E>> @Nullable E choice(String field, Class<E> type, List<E> allowed) {
    String text = text(field);
    if (text == null) {
      return null;
    }
    for (E each : allowed) {
      if (each.name().equalsIgnoreCase(text)) {
        return each;
      }
    }
    List<String> words =
        allowed.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    refuse(field, "must be one of " + words + ", not " + text);
    return null;
  }
}
