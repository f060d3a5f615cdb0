package dev.turnout.lab.eval.cascade;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers made comparable: two that say the same in another dress are equal. */
final class AnswerText {
  private static final Pattern OPTION =
      Pattern.compile("(?:the )?(?:correct )?(?:answer(?: is)?:? )?\\(?([a-j])[.):]*(?: .*)?");
  private static final Pattern EDGES =
      Pattern.compile("^[\\p{Punct}\\s&&[^-+\\[({]]+|[\\p{Punct}\\s&&[^%\\])}]]+$");
  private static final Pattern NUMBER =
      Pattern.compile("[$€£]?(-?\\d{1,3}(?:,\\d{3})+|-?\\d+)(?:\\.0+)?%?");

  private AnswerText() {}

  /**
   * Case, white space and outer punctuation do not count; of {@code "B) wet palms"} only the letter
   * does, of {@code "$1,200.00"} only the number. Blank when there is no answer.
   */
  static String normalised(String answer) {
    String even = answer.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    Matcher option = OPTION.matcher(even);
    if (option.matches() && (even.length() == 1 || !even.startsWith("a "))) {
      return String.valueOf(option.group(1));
    }
    Matcher number = NUMBER.matcher(even);
    if (number.matches()) {
      return String.valueOf(number.group(1)).replace(",", "");
    }
    return EDGES.matcher(even).replaceAll("");
  }
}
