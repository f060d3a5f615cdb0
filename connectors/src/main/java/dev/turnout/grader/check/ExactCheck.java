package dev.turnout.grader.check;

import dev.turnout.grader.Judgement;
import dev.turnout.topic.BoundedText;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the answer is the expected text, up to case, white space, Unicode form, the Markdown,
 * quotes and full stop around it: 1 or 0.
 */
public final class ExactCheck implements Check {
  private static final int QUOTED = 200;

  @Override
  public Optional<Judgement> of(String answer, String expected) {
    List<String> right = Alternatives.of(expected);
    String given = plain(answer);
    boolean equal =
        given.equals(plain(expected))
            || right.stream().map(ExactCheck::plain).anyMatch(given::equals);
    return Optional.of(
        Judgement.of(
            equal ? 1 : 0,
            "exact: the answer \""
                + BoundedText.cut(answer, QUOTED)
                + "\" is "
                + (equal ? "" : "not ")
                + "\""
                + BoundedText.cut(Alternatives.words(right), QUOTED)
                + "\""));
  }

  private static String plain(String text) {
    String normal =
        Normalizer.normalize(text, Normalizer.Form.NFKC)
            .strip()
            .replaceAll("\\s+", " ")
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT);
    int from = 0;
    int to = normal.length();
    while (to > from && isWrapping(normal.charAt(to - 1))) {
      to--;
    }
    while (from < to && isWrapping(normal.charAt(from)) && normal.charAt(from) != '.') {
      from++;
    }
    return from < to ? normal.substring(from, to) : normal;
  }

  private static boolean isWrapping(char c) {
    return " *_`\"'“”«»„.。".indexOf(c) >= 0;
  }
}
