package dev.turnout.grader.check;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Bounds what it takes to hold a value against a JSON Schema. A schema whose parts refer to each
 * other, several times each, is written out to exponentially many by whoever evaluates it; the
 * validator has no bound of its own. So a schema is walked here first, as it would be evaluated:
 * every part once for each way that leads to it, and a part that refers to itself as often as the
 * value is deep.
 */
final class SchemaSteps {
  private static final long MOST = 1_000_000;
  private static final int DEEPEST = 1_000;
  private static final Pattern OFFICIAL = Pattern.compile("^https?://json-schema\\.org/");

  /** What is held against the same value as the schema that it stands in. */
  private static final Set<String> IN_PLACE =
      Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else");

  private final JsonNode schema;
  private final int deepest;
  private final long most;
  private final Deque<String> way = new ArrayDeque<>();
  private Set<String> followed = new HashSet<>();
  private long steps;

  private SchemaSteps(JsonNode schema, int deepest, long most) {
    this.schema = schema;
    this.deepest = deepest;
    this.most = most;
  }

  /**
   * Checks that a value can be held against a schema.
   *
   * @throws IllegalArgumentException if it refers to something outside itself, or could take too
   *     many steps
   */
  static void check(JsonNode schema, JsonNode value) {
    long nodes = nodes(value);
    new SchemaSteps(schema, depth(value) + 1, Math.max(1, MOST / nodes)).walk(schema, 0);
  }

  private void walk(JsonNode part, int level) {
    if (++steps > most || level > DEEPEST) {
      throw new IllegalArgumentException(
          "the schema could take more than "
              + MOST
              + " steps on this answer; make it refer less to itself");
    }
    if (part.isArray()) {
      part.forEach(each -> walk(each, level + 1));
    } else if (part.isObject()) {
      part.properties().forEach(field -> keyword(part, field.getKey(), field.getValue(), level));
    }
  }

  private void keyword(JsonNode part, String keyword, JsonNode value, int level) {
    switch (keyword) {
      case "const", "enum", "default", "examples", "$defs", "definitions" -> {}
      case "$ref", "$dynamicRef", "$recursiveRef", "$id", "$schema", "pattern" -> {
        if (value.isTextual()) {
          text(part, keyword, value.asText(), level);
        } else {
          inside(value, level);
        }
      }
      case "properties" -> value.forEach(each -> inside(each, level));
      case "patternProperties" -> {
        value.fieldNames().forEachRemaining(BoundedPattern::of);
        value.forEach(each -> inside(each, level));
      }
      case "dependentSchemas" -> value.forEach(each -> walk(each, level + 1));
      default -> {
        if (IN_PLACE.contains(keyword)) {
          walk(value, level + 1);
        } else {
          inside(value, level);
        }
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the root itself, not what looks like it
  private void text(JsonNode part, String keyword, String value, int level) {
    switch (keyword) {
      case "$ref" -> follow(value, level);
      case "pattern" -> {
        Pattern unusedPattern = BoundedPattern.of(value);
      }
      default -> {
        boolean known = keyword.equals("$id") || OFFICIAL.matcher(value).find();
        if (part != schema || !known || keyword.endsWith("Ref")) {
          throw new IllegalArgumentException(
              "the schema has " + keyword + " \"" + value + "\", which is not followed");
        }
      }
    }
  }

  /** A part that is held against what is inside the value: whatever led here has ended. */
  private void inside(JsonNode part, int level) {
    Set<String> outside = followed;
    followed = new HashSet<>();
    walk(part, level + 1);
    followed = outside;
  }

  private void follow(String target, int level) {
    if (!target.equals("#") && !target.startsWith("#/")) {
      throw new IllegalArgumentException(
          "the schema refers to \"" + target + "\"; only #/... within the schema is followed");
    }
    if (followed.contains(target)) {
      throw new IllegalArgumentException("the schema refers to \"" + target + "\" without end");
    }
    if (way.stream().filter(target::equals).count() >= deepest) {
      return;
    }
    JsonNode part = schema.at(JsonPointer.compile(target.substring(1)));
    followed.add(target);
    way.push(target);
    walk(part, level + 1);
    way.pop();
    followed.remove(target);
  }

  private static long nodes(JsonNode value) {
    long nodes = 1;
    for (JsonNode child : value) {
      nodes += nodes(child);
    }
    return nodes;
  }

  private static int depth(JsonNode value) {
    int deepest = 0;
    for (JsonNode child : value) {
      deepest = Math.max(deepest, 1 + depth(child));
    }
    return deepest;
  }
}
