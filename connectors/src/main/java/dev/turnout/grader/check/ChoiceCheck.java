package dev.turnout.grader.check;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.turnout.grader.Judgement;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the answer chooses the expected letter, A to J: 1 or 0. The letter that counts is the
 * whole answer, else the one in the last {@code \boxed{}}, else behind the last "answer is" or the
 * like, else the one that the answer begins with, else the only one in brackets or bold. An answer
 * that chooses none is wrong.
 */
public final class ChoiceCheck implements Check {
  private static final String LETTER = "[(\\[]?\\s*([A-Ja-j])\\s*[)\\]]?";
  private static final Pattern WANTED = Pattern.compile("[(\\[]?([A-Ja-j])[)\\].]?");
  private static final Pattern WHOLE = Pattern.compile("^" + LETTER + "[.:)]?$");
  private static final Pattern BOXED =
      Pattern.compile("\\\\boxed\\s*\\{\\s*(?:\\\\text\\s*\\{)?\\s*" + LETTER + "\\s*\\}");
  private static final Pattern ANSWER_IS =
      Pattern.compile(
          "(?i)(?:answer|option|choice|choose|antwort|lösung|réponse|respuesta|risposta|resposta|opción"
              + "|答案|选择|選擇|正解|答え|ответ|вариант)"
              + "(?:\\s+(?:is|ist|est|es|è|é|option|choice|would\\s+be|the))*\\s*(?:[:：=]|是|は)?\\s*"
              + "(?:(?:option|choice|answer)\\s+)?[(\\[]?\\s*([A-J])(?:[^\\pL\\pN'’]|$)");
  private static final Pattern BEGINS =
      Pattern.compile("^(?:[(\\[]([A-Ja-j])[)\\]]|([A-J])[).:]|([A-J])\\s*(?:[-–—]|\\n))");
  private static final Pattern MARKED = Pattern.compile("[(\\[]([A-J])[)\\]]");

  @Override
  public Optional<Judgement> of(String answer, String expected) {
    List<String> right =
        Alternatives.of(expected).stream()
            .map(ChoiceCheck::wanted)
            .flatMap(Optional::stream)
            .toList();
    if (right.isEmpty()) {
      return Optional.empty();
    }
    String wanted = String.join(" or ", right);
    Optional<String> chosen = chosen(answer);
    return Optional.of(
        chosen.isEmpty()
            ? Judgement.of(0, "choice: the answer names no letter, expected " + wanted)
            : Judgement.of(
                right.contains(chosen.get()) ? 1 : 0,
                "choice: the answer is " + chosen.get() + ", expected " + wanted));
  }

  private static Optional<String> wanted(String text) {
    Matcher letter = WANTED.matcher(text.strip());
    return letter.matches() ? Optional.of(upper(letter.group(1))) : Optional.empty();
  }

  /** The letter that an answer chooses. */
  static Optional<String> chosen(String answer) {
    String plain =
        Normalizer.normalize(answer, Normalizer.Form.NFKC).replaceAll("[*_`\"'“”]", "").strip();
    Matcher whole = WHOLE.matcher(plain);
    if (whole.find()) {
      return Optional.of(upper(whole.group(1)));
    }
    Optional<String> named = last(BOXED, plain).or(() -> last(ANSWER_IS, plain));
    if (named.isPresent()) {
      return named;
    }
    Matcher begins = BEGINS.matcher(plain);
    if (begins.find()) {
      return Optional.of(upper(group(begins)));
    }
    Matcher marked = MARKED.matcher(plain);
    Optional<String> only = Optional.empty();
    while (marked.find()) {
      String letter = upper(marked.group(1));
      if (only.isPresent() && !only.get().equals(letter)) {
        return Optional.empty();
      }
      only = Optional.of(letter);
    }
    return only;
  }

  private static Optional<String> last(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    Optional<String> last = Optional.empty();
    while (found.find()) {
      last = Optional.of(upper(found.group(1)));
    }
    return last;
  }

  private static String group(Matcher matcher) {
    for (int i = 1; i <= matcher.groupCount(); i++) {
      String group = matcher.group(i);
      if (group != null) {
        return group;
      }
    }
    return "";
  }

  private static String upper(String letter) {
    return letter.toUpperCase(Locale.ROOT);
  }
}
