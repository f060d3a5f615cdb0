package dev.turnout.grader.check;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Numbers as people and LLMs write them: with groups of thousands, decimal commas, currency signs,
 * percent signs, fractions and powers of ten, in LaTeX or not. A number may be read in several
 * ways, since {@code 1,234} is more than a thousand to some and little more than one to others;
 * whoever compares takes any reading.
 */
final class Numbers {
  private static final int LONGEST = 60;
  private static final String DIGITS =
      "(?:\\d{1,2}(?:,\\d{2})+,\\d{3}\\b(?:\\.\\d+)?"
          + "|\\d{1,3}(?:[,.'’ ]\\d{3})+\\b(?:[.,]\\d+)?"
          + "|\\d+(?:[.,]\\d+)?"
          + "|\\.\\d+)";

  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?[$€£¥]?"
              + DIGITS
              + "(?:[eE][-+]?\\d{1,3}\\b)?"
              + "(?:\\s*%|\\s*/\\s*"
              + DIGITS
              + ")?");

  private static final Pattern ENGLISH =
      Pattern.compile(
          "[-+]?(?:\\d{1,3}(?:,\\d{3})+|\\d{1,3}(?:,\\d{2})*,\\d{3}|\\d+)?(?:\\.\\d+)?");
  private static final Pattern CONTINENTAL =
      Pattern.compile("[-+]?(?:\\d{1,3}(?:\\.\\d{3})+|\\d+)(?:,\\d+)?");
  private static final Pattern POWER =
      Pattern.compile("\\s*(?:[×x*·]|\\\\times|\\\\cdot)\\s*10\\s*\\^\\s*\\{?\\s*");
  private static final Pattern FRACTION =
      Pattern.compile("\\\\[dt]?frac\\s*\\{\\s*(-?\\d{1,15})\\s*\\}\\s*\\{\\s*(\\d{1,15})\\s*\\}");

  private Numbers() {}

  /** The texts of all numbers, in their order. */
  static List<String> in(String text) {
    String normal = normal(text);
    List<String> found = new ArrayList<>();
    Matcher number = NUMBER.matcher(normal);
    while (number.find()) {
      int start = number.start();
      // a minus behind a letter or digit is a hyphen, a range or a difference
      boolean hyphen = start > 0 && Character.isLetterOrDigit(normal.charAt(start - 1));
      boolean signed = "+-".indexOf(normal.charAt(start)) >= 0;
      found.add(normal.substring(hyphen && signed ? start + 1 : start, number.end()));
    }
    return found;
  }

  private static String normal(String text) {
    String normal =
        Normalizer.normalize(FRACTION.matcher(text).replaceAll("$1/$2"), Normalizer.Form.NFKC)
            .replace('−', '-')
            .replace('⁄', '/')
            .replace("\\,", "")
            .replace("\\%", "%")
            .replace("\\$", "$")
            .replace("{,}", ",");
    return POWER.matcher(normal).replaceAll("e");
  }

  /**
   * Every value that a number's text can stand for.
   *
   * @return finite values; none when the text is no number
   */
  static Set<Double> readings(String number) {
    Set<Double> readings = new LinkedHashSet<>();
    String text = normal(number).strip();
    if (text.length() > LONGEST) {
      return readings;
    }
    int slash = text.indexOf('/');
    if (slash >= 0) {
      for (double above : whole(text.substring(0, slash).strip())) {
        for (double below : whole(text.substring(slash + 1).strip())) {
          add(readings, above / below);
        }
      }
      return readings;
    }
    if (text.endsWith("%")) {
      for (double value : whole(text.substring(0, text.length() - 1).strip())) {
        add(readings, value);
        add(readings, value / 100);
      }
      return readings;
    }
    return whole(text);
  }

  private static Set<Double> whole(String text) {
    String bare = text.replaceAll("[$€£¥'’\\s]", "");
    Set<Double> readings = new LinkedHashSet<>();
    int exponent = Math.max(bare.indexOf('e'), bare.indexOf('E'));
    String digits = exponent < 0 ? bare : bare.substring(0, exponent);
    String power = exponent < 0 ? "" : bare.substring(exponent);
    if (ENGLISH.matches(digits)) {
      add(readings, value(digits.replace(",", "") + power));
    }
    if (CONTINENTAL.matches(digits)) {
      add(readings, value(digits.replace(".", "").replace(',', '.') + power));
    }
    return readings;
  }

  private static void add(Set<Double> readings, double value) {
    if (Double.isFinite(value)) {
      readings.add(value + 0.0); // no negative zero
    }
  }

  private static double value(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException noDigits) {
      return Double.NaN;
    }
  }
}
