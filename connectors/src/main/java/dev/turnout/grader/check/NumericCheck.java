package dev.turnout.grader.check;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.turnout.grader.Judgement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the answer's final number is the expected one, up to a tolerance: 1 or 0. Final is the
 * one in the last {@code \boxed{}}, else behind the last {@code ####}, else the first behind the
 * last "answer is" or the like, else the last one.
 */
public final class NumericCheck implements Check {
  private static final Pattern BOXED = Pattern.compile("\\\\boxed\\s*\\{");
  private static final Pattern HASHES = Pattern.compile("####");
  private static final Pattern ANSWER_IS =
      Pattern.compile(
          "(?i)(?:answer|result|total|antwort|ergebnis|réponse|résultat|respuesta|resultado|risposta"
              + "|risultato|resposta|答案|结果|答え|ответ)[^\\d\\n.]{0,20}?"
              + "(?:\\bis\\b|\\bist\\b|\\best\\b|\\bes\\b|\\bè\\b|:|：|=|是|为|は)");

  private final double tolerance;

  /**
   * @param tolerance how far the answer may be from what is expected, as a share of that
   */
  public NumericCheck(double tolerance) {
    this.tolerance = tolerance;
  }

  @Override
  public Optional<Judgement> of(String answer, String expected) {
    Set<Double> right = new LinkedHashSet<>();
    for (String each : Alternatives.of(expected)) {
      List<String> numbers = Numbers.in(each);
      if (numbers.size() == 1) {
        right.addAll(Numbers.readings(numbers.get(0)));
      }
    }
    if (right.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> given = last(answer);
    if (given.isEmpty()) {
      return Optional.of(
          Judgement.of(0, "numeric: the answer has no number, expected " + expected));
    }
    boolean equal =
        Numbers.readings(given.get()).stream()
            .anyMatch(value -> right.stream().anyMatch(wanted -> near(value, wanted)));
    return Optional.of(
        Judgement.of(
            equal ? 1 : 0,
            "numeric: the answer's number is " + given.get() + ", expected " + expected));
  }

  private boolean near(double value, double wanted) {
    return Math.abs(value - wanted) <= tolerance * Math.abs(wanted);
  }

  /** The number that the answer comes to. */
  private static Optional<String> last(String answer) {
    int boxed = endOfLast(BOXED, answer);
    if (boxed >= 0) {
      List<String> inside = Numbers.in(answer.substring(boxed, endOfBox(answer, boxed)));
      if (!inside.isEmpty()) {
        return Optional.of(inside.get(inside.size() - 1));
      }
    }
    for (Pattern mark : List.of(HASHES, ANSWER_IS)) {
      int behind = endOfLast(mark, answer);
      if (behind >= 0) {
        List<String> numbers = Numbers.in(answer.substring(behind));
        if (!numbers.isEmpty()) {
          return Optional.of(numbers.get(0));
        }
      }
    }
    List<String> all = Numbers.in(answer);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  private static int endOfBox(String answer, int from) {
    int depth = 1;
    for (int i = from; i < answer.length(); i++) {
      char c = answer.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return answer.length();
  }

  static int endOfLast(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    int end = -1;
    while (found.find()) {
      end = found.end();
    }
    return end;
  }
}
