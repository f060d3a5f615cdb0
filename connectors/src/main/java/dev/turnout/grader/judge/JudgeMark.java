package dev.turnout.grader.judge;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.turnout.grader.check.Thinking;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Reads the mark in a judge's reply.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>The judge is asked to end with its mark, so the last line decides if it has one. Else all
 *       marks of the reply must agree: one that contradicts another may be quoted from the answer.
 *   <li>What the judge thought, and what it quotes by {@code >}, is not read.
 *   <li>A number that does not fit its scale is no mark. A wrong mark teaches the router wrongly, a
 *       missing one costs little.
 *   <li>It never throws, and takes time in proportion to the reply's length, of which only the last
 *       {@value #LONGEST} characters are looked at.
 * </ul>
 */
final class JudgeMark {
  private static final int LONGEST = 16_384;
  private static final double BEST_MARK = 10;
  private static final String NUMBER = "([-+−]?\\d{1,9}(?:[.,]\\d{1,9})?)";

  /** What may follow a number: its scale, or a percent sign. */
  private static final String SCALE =
      "(?:\\s*(%)|\\s*(?:/|out\\s+of\\b|of\\b|von\\b|sur\\b)\\s*" + NUMBER + ")?";

  private static final Pattern LABELLED =
      Pattern.compile(
          "(?i)(?:^|[^\\pL\\pN])(?:marks?|score|rating|grade|评分|得分)"
              + "(?:\\s*\\([^)]{0,60}\\))?\\s*(?::|=|\\bis\\b:?)\\s*"
              + NUMBER
              + SCALE);

  private static final Pattern BARE = Pattern.compile("^\\s*" + NUMBER + SCALE + "\\s*\\.?\\s*$");
  private static final Pattern MARKUP = Pattern.compile("[*_`~#{}$\\\\|\"'“”]|\\bboxed\\b");

  /** What makes another of a number: further digits, or a choice of several. */
  private static final Pattern GOES_ON =
      Pattern.compile("(?i)^(?:[\\pL\\pN]|[.,:]\\d|\\s*(?:to|bis|or|oder)\\b\\s*\\d)");

  private static final Pattern RANGE = Pattern.compile("^\\s*[-–—~]\\s*\\d");

  private JudgeMark() {}

  /**
   * The mark.
   *
   * @return 0..1; empty when there is none, or none that is plain
   */
  static OptionalDouble of(String reply) {
    String latest = reply.length() <= LONGEST ? reply : reply.substring(reply.length() - LONGEST);
    String own = Thinking.without(Normalizer.normalize(latest, Normalizer.Form.NFKC));
    List<String> lines =
        own.lines()
            .filter(line -> !line.stripLeading().startsWith(">"))
            .map(line -> MARKUP.matcher(line).replaceAll(" ").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    if (lines.isEmpty()) {
      return OptionalDouble.empty();
    }
    String last = lines.get(lines.size() - 1);
    List<OptionalDouble> concluding = labelled(last);
    if (!concluding.isEmpty()) {
      return agreed(concluding);
    }
    List<OptionalDouble> all = lines.stream().flatMap(line -> labelled(line).stream()).toList();
    if (all.isEmpty()) {
      Matcher bare = BARE.matcher(last);
      return bare.find() ? value(bare, "") : OptionalDouble.empty();
    }
    return agreed(all);
  }

  private static OptionalDouble agreed(List<OptionalDouble> marks) {
    return marks.stream().distinct().count() == 1 ? marks.get(0) : OptionalDouble.empty();
  }

  private static List<OptionalDouble> labelled(String line) {
    List<OptionalDouble> marks = new ArrayList<>();
    Matcher mark = LABELLED.matcher(line);
    while (mark.find()) {
      marks.add(value(mark, line.substring(mark.end())));
    }
    return marks;
  }

  private static OptionalDouble value(Matcher mark, String rest) {
    boolean scaled = mark.group(2) != null || mark.group(3) != null;
    if (GOES_ON.matcher(rest).find() || (!scaled && RANGE.matcher(rest).find())) {
      return OptionalDouble.empty();
    }
    double best =
        mark.group(2) != null ? 100 : mark.group(3) != null ? number(mark.group(3)) : BEST_MARK;
    double value = number(mark.group(1));
    return value >= 0 && best > 0 && value <= best
        ? OptionalDouble.of(value / best + 0.0) // no negative zero
        : OptionalDouble.empty();
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(',', '.').replace('−', '-'));
  }
}
