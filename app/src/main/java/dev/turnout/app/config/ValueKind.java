package dev.turnout.app.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Which values a key takes.
 *
 * @param expectation in words, to stand after "expected", e.g. {@code a whole number from 1 to 8}
 * @param accepts whether a value is one of them
 * @param secret true when the value must never be printed
 */
public record ValueKind(String expectation, Predicate<String> accepts, boolean secret) {

  public static final ValueKind TEXT = new ValueKind("text", value -> true, false);
  public static final ValueKind SECRET = new ValueKind("text", value -> true, true);
  public static final ValueKind LIST =
      new ValueKind("a list, or names separated by commas", value -> true, false);
  public static final ValueKind FLAG =
      new ValueKind("true or false", value -> value.equals("true") || value.equals("false"), false);
  public static final ValueKind DURATION =
      new ValueKind(
          "a duration such as 500ms, 30s, 5m or 24h",
          value -> {
            try {
              return !duration(value).isNegative();
            } catch (IllegalArgumentException e) {
              return false;
            }
          },
          false);
  public static final ValueKind PORT = whole(0, 65_535);
  public static final ValueKind SHARE = number(0, 1);

  public static ValueKind whole(long from, long to) {
    return new ValueKind(
        "a whole number from " + from + (to == Integer.MAX_VALUE ? " up" : " to " + to),
        value -> {
          try {
            long number = Long.parseLong(value);
            return from <= number && number <= to;
          } catch (NumberFormatException e) {
            return false;
          }
        },
        false);
  }

  public static ValueKind number(double from, double to) {
    return new ValueKind(
        to == Double.MAX_VALUE
            ? "a number from " + from + " up"
            : "a number from " + from + " to " + to,
        value -> {
          try {
            double number = Double.parseDouble(value);
            return from <= number && number <= to;
          } catch (NumberFormatException e) {
            return false;
          }
        },
        false);
  }

  public static ValueKind choice(String... names) {
    List<String> all = List.of(names);
    return new ValueKind("one of " + String.join(", ", all), all::contains, false);
  }

  /**
   * Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d} or ISO-8601 {@code
   * PT30S}.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  static Duration duration(String text) {
    String value = text.strip().toLowerCase(Locale.ROOT);
    try {
      if (value.endsWith("ms")) {
        return Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2).strip()));
      }
      if (value.startsWith("p") || value.startsWith("-p")) {
        return Duration.parse(value);
      }
      // ISO-8601 writes days before the T and everything else after it.
      return Duration.parse(value.endsWith("d") ? "P" + value : "PT" + value);
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new IllegalArgumentException("not a duration: " + text, e);
    }
  }
}
