package dev.turnout.app.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.data.OutcomeDataException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads and checks the fields that the JSON layouts share. */
final class OutcomeFields {
  private static final String AMOUNT = "give 0 or more, or leave it blank where it is not known";

  private OutcomeFields() {}

  static String question(String place, JsonNode node) {
    return text(place, node, "question");
  }

  static String text(String place, JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new OutcomeDataException(
          place + ", field \"" + field + "\"",
          value.isMissingNode() ? "is missing" : "is not a text: " + shortened(value.toString()),
          "every record needs \"" + field + "\": \"…\"");
    }
    return value.textValue();
  }

  /** Rewards by LLM; ungraded LLMs (null or blank score) are NaN. */
  static Map<String, Double> rewards(String place, JsonNode node, ScoringRule rule) {
    JsonNode scores = node.path("scores");
    if (!scores.isObject() || scores.isEmpty()) {
      throw new OutcomeDataException(
          place + ", field \"scores\"",
          scores.isMissingNode() ? "is missing" : "is not a non-empty object",
          "every record needs \"scores\": {\"llm\": number}, null where not graded");
    }
    Map<String, Double> rewards = new LinkedHashMap<>();
    scores
        .properties()
        .forEach(
            entry -> {
              String field = place + ", field \"scores." + entry.getKey() + "\"";
              rewards.put(entry.getKey(), reward(field, number(field, entry.getValue()), rule));
            });
    return rewards;
  }

  /** Amounts by LLM under an optional field; NaN where null or blank. */
  static Map<String, Double> amounts(String place, JsonNode node, String field) {
    Map<String, Double> amounts = new LinkedHashMap<>();
    node.path(field)
        .properties()
        .forEach(
            entry ->
                amounts.put(
                    entry.getKey(),
                    amount(
                        place + ", field \"" + field + "." + entry.getKey() + "\"",
                        entry.getValue())));
    return amounts;
  }

  /** What an answer took, such as USD or tokens: 0 or more; NaN when null or blank. */
  static double amount(String place, JsonNode value) {
    if (value.isMissingNode()) {
      throw new OutcomeDataException(place, "is missing", AMOUNT);
    }
    if (value.isBoolean()) {
      throw notANumber(place, value.toString());
    }
    return amount(place, number(place, value));
  }

  /** Likewise of a text. */
  static double amount(String place, String text) {
    return amount(place, number(place, text));
  }

  private static double amount(String place, double number) {
    if (number < 0) {
      throw new OutcomeDataException(place, "is negative: " + number, AMOUNT);
    }
    return number;
  }

  /** The number in a JSON value or text; NaN when null or blank. */
  static double number(String place, JsonNode value) {
    if (value.isNull()) {
      return Double.NaN;
    }
    if (value.isNumber() && Double.isFinite(value.doubleValue())) {
      return value.doubleValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? 1 : 0;
    }
    if (value.isTextual()) {
      return number(place, value.textValue());
    }
    throw notANumber(place, value.toString());
  }

  /** True when a text holds a number, a truth value, or a word for none. */
  static boolean isScore(String text) {
    try {
      number("", text);
      return true;
    } catch (OutcomeDataException e) {
      return false;
    }
  }

  /** The number in a text: true is 1, false 0; NaN when blank or a word for none. */
  static double number(String place, String text) {
    String trimmed = text.strip();
    switch (trimmed.toLowerCase(Locale.ROOT)) {
      case "", "nan", "na", "n/a", "none", "null" -> {
        return Double.NaN;
      }
      case "true" -> {
        return 1;
      }
      case "false" -> {
        return 0;
      }
      default -> {}
    }
    try {
      double number = Double.parseDouble(trimmed);
      if (Double.isInfinite(number)) {
        throw notANumber(place, text);
      }
      return number;
    } catch (NumberFormatException e) {
      throw notANumber(place, text);
    }
  }

  /** The reward of a score; NaN stays NaN. */
  static double reward(String place, double score, ScoringRule rule) {
    if (Double.isNaN(score)) {
      return Double.NaN;
    }
    try {
      return rule.reward(score);
    } catch (IllegalArgumentException e) {
      throw new OutcomeDataException(
          place,
          String.valueOf(e.getMessage()),
          "correct it, or put a "
              + ScoringRules.FILE_NAME
              + " with the task's rule beside the data",
          e);
    }
  }

  private static OutcomeDataException notANumber(String place, String value) {
    return new OutcomeDataException(
        place,
        "is not a number: " + shortened(value),
        "give a number, or leave it blank where the LLM was not graded");
  }

  private static String shortened(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "…";
  }
}
