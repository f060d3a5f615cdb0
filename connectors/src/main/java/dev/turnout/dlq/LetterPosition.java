package dev.turnout.dlq;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a dead letter stands on its topic.
 *
 * @param partition of the dead-letter topic; there is one unless somebody added others
 */
public record LetterPosition(int partition, long offset) {

  private static final Pattern FORM = Pattern.compile("(?:(\\d{1,9}):)?(\\d{1,18})");

  /**
   * Reads {@code 0:17}, or {@code 17} in partition 0.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static LetterPosition parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no position; expected e.g. 0:17, as turnout dlq list prints it");
    }
    return new LetterPosition(
        form.group(1) == null ? 0 : Integer.parseInt(form.group(1)), Long.parseLong(form.group(2)));
  }

  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
