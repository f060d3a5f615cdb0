package dev.turnout.config;

import dev.turnout.topic.BoundedText;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Which values a setting takes and what they become.
 *
 * @param expectation in words, to stand after "expected", e.g. {@code a whole number from 1 to 8}
 * @param reader makes the value of its text; throws {@link IllegalArgumentException} on others
 * @param secret true when the value must never be printed
 */
public record SettingKind<T>(String expectation, Function<String, T> reader, boolean secret) {

  /** Any text. */
  public static final SettingKind<String> TEXT = of("text", text -> text);

  /** Any text; never printed. */
  public static final SettingKind<String> SECRET = new SettingKind<>("text", text -> text, true);

  /** Names without blanks around them; none is empty. */
  public static final SettingKind<List<String>> LIST =
      of("a list, or names separated by commas", SettingKind::words);

  /** A list that is never printed. */
  public static final SettingKind<List<String>> SECRETS =
      new SettingKind<>(LIST.expectation, LIST.reader, true);

  /** True or false. */
  public static final SettingKind<Boolean> FLAG =
      choice(Map.of("true", true, "false", false), "true or false");

  /** A duration of zero or more. */
  public static final SettingKind<Duration> DURATION =
      of("a duration such as 500ms, 30s, 5m or 24h", SettingKind::duration);

  /** A URL with a host, by HTTP or HTTPS. */
  public static final SettingKind<URI> ENDPOINT =
      of(
          "a URL that begins with http:// or https://, e.g. http://localhost:8000/v1",
          SettingKind::endpoint);

  /** Where a random generator starts. */
  public static final SettingKind<Long> SEED = of("a whole number", Long::valueOf);

  /** A TCP port; 0 takes a free one. */
  public static final SettingKind<Integer> PORT = whole(0, 65_535);

  /** A share of a whole, from 0 to 1. */
  public static final SettingKind<Double> SHARE = number(0, 1);

  /**
   * The value of a text.
   *
   * @throws IllegalArgumentException if the text is none of the kind's
   */
  public T read(String text) {
    return reader.apply(text);
  }

  /** A kind that may be printed. */
  public static <T> SettingKind<T> of(String expectation, Function<String, T> reader) {
    return new SettingKind<>(expectation, reader, false);
  }

  /** A text that records carry. */
  public static SettingKind<String> text(int mostBytes) {
    return of(
        "text of at most " + mostBytes + " bytes",
        text -> {
          require(BoundedText.bytes(text) <= mostBytes);
          return text;
        });
  }

  /** A whole number, both ends included. */
  public static SettingKind<Integer> whole(int from, int to) {
    return of(
        "a whole number from " + from + (to == Integer.MAX_VALUE ? " up" : " to " + to),
        text -> {
          int number = Integer.parseInt(text);
          require(from <= number && number <= to);
          return number;
        });
  }

  /** A whole number of at least {@code from}. */
  public static SettingKind<Integer> whole(int from) {
    return whole(from, Integer.MAX_VALUE);
  }

  /** A number, both ends included; never NaN. */
  public static SettingKind<Double> number(double from, double to) {
    return of(
        "a number from " + from + (to == Double.MAX_VALUE ? " up" : " to " + to),
        text -> {
          double number = Double.parseDouble(text);
          require(from <= number && number <= to);
          return number;
        });
  }

  /** A number of at least {@code from}. */
  public static SettingKind<Double> number(double from) {
    return number(from, Double.MAX_VALUE);
  }

  /** One of some names. */
  public static SettingKind<String> choice(Collection<String> names) {
    Map<String, String> byName = new LinkedHashMap<>();
    names.forEach(name -> byName.put(name, name));
    return choice(byName, "one of " + String.join(", ", names));
  }

  /** One of an enum's constants, written in lower case with hyphens. */
  public static <E extends Enum<E>> SettingKind<E> choice(Class<E> type) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E value : type.getEnumConstants()) {
      byName.put(nameOf(value), value);
    }
    return choice(byName, "one of " + String.join(", ", byName.keySet()));
  }

  /** How a constant is written, e.g. {@code exactly-once}. */
  public static String nameOf(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> SettingKind<T> choice(Map<String, T> byName, String expectation) {
    return of(
        expectation,
        text -> {
          T value = byName.get(text);
          if (value == null) {
            throw new IllegalArgumentException(expectation);
          }
          return value;
        });
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static URI endpoint(String text) {
    URI url = URI.create(text);
    require("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()));
    require(url.getHost() != null);
    return url;
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("not of this kind");
    }
  }

  /** Reads {@code 500ms}, {@code 30s}, {@code 24h}, {@code 7d} or ISO-8601 {@code PT30S}. */
  private static Duration duration(String text) {
    String value = text.toLowerCase(Locale.ROOT);
    try {
      Duration duration;
      if (value.endsWith("ms")) {
        duration =
            Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2).strip()));
      } else if (value.startsWith("p")) {
        duration = Duration.parse(value);
      } else {
        // ISO-8601 writes days before the T and everything else after it.
        duration = Duration.parse(value.endsWith("d") ? "P" + value : "PT" + value);
      }
      require(!duration.isNegative());
      return duration;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a duration: " + text, e);
    }
  }
}
