package dev.turnout.grader.check;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compiles regular expressions that others wrote. RE2 searches in time that grows with the text and
 * the compiled pattern; what a pattern grows to is bounded here, since nested counted repetitions
 * multiply.
 */
final class BoundedPattern {
  private static final int LONGEST = 4_000;
  private static final long MOST_STEPS = 20_000;
  private static final Pattern COUNT = Pattern.compile("^\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");

  private BoundedPattern() {}

  /**
   * The pattern.
   *
   * @throws IllegalArgumentException if RE2 does not know it, or it is too large; it says how
   */
  static Pattern of(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the pattern has " + text.length() + " characters, the limit is " + LONGEST);
    }
    if (steps(text) > MOST_STEPS) {
      throw new IllegalArgumentException(
          "the counted repetitions of the pattern multiply to more than "
              + MOST_STEPS
              + " steps; use fewer or smaller ones");
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the pattern is none that RE2 knows: " + e.getMessage(), e);
    }
  }

  /** How many steps a pattern has once its counted repetitions are written out, or more. */
  static long steps(String text) {
    Deque<Long> open = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int next = at + 1;
      if (c == '(') {
        open.push(sum + last);
        sum = 0;
        last = 0;
      } else if (c == ')' && !open.isEmpty()) {
        last = sum + last + 2;
        sum = open.pop();
      } else if (c == '{') {
        Matcher count = COUNT.matcher(text.substring(at, Math.min(text.length(), at + 22)));
        if (count.find()) {
          String most = count.group(2);
          String factor = most == null || most.isEmpty() ? count.group(1) : most;
          last = Math.min(Integer.MAX_VALUE, last * Math.max(1, Long.parseLong(factor)));
          next = at + count.end();
        }
      } else {
        next = c == '\\' ? at + 2 : c == '[' ? endOfClass(text, at) : next;
        sum += last;
        last = 1;
      }
      at = next;
    }
    while (!open.isEmpty()) {
      sum += open.pop();
    }
    return sum + last;
  }

  private static int endOfClass(String text, int from) {
    for (int i = from + 2; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == ']') {
        return i + 1;
      }
    }
    return text.length();
  }
}
