package dev.turnout.grader.check;

import com.google.re2j.Pattern;
import dev.turnout.grader.Judgement;
import dev.turnout.topic.BoundedText;
import java.util.Optional;

/**
 * Whether a regular expression is found in the answer: 1 or 0. Patterns are RE2's: no look-around
 * and no back-references, and so no pattern that takes for ever.
 */
public final class RegexCheck implements Check {
  private static final int QUOTED = 300;

  @Override
  public Optional<Judgement> of(String answer, String expected) {
    Pattern pattern = BoundedPattern.of(expected);
    boolean found = pattern.matcher(answer).find();
    return Optional.of(
        Judgement.of(
            found ? 1 : 0,
            "regex: "
                + BoundedText.cut(expected, QUOTED)
                + (found ? " is found in the answer" : " is not found in the answer")));
  }
}
