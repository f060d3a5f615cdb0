package dev.turnout.grader;

import dev.turnout.schema.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Searches the answer for the regular expression in the query's metadata: found gives 1, not found
 * 0. Queries without an expression, or with a broken or explosive one, are not graded.
 */
public final class RegexGrader implements GradingFunction {

  private final String key;

  /** Takes the expression from the metadata key {@code expected.regex}. */
  public RegexGrader() {
    this("expected.regex");
  }

  /** Takes the expression from the given metadata key. */
  public RegexGrader(String key) {
    this.key = key;
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    String expression = outcome.getMetadata().get(key);
    if (expression == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    String answer = outcome.getAnswer() == null ? "" : outcome.getAnswer();
    try {
      boolean found = Pattern.compile(expression).matcher(new BoundedText(answer)).find();
      return CompletableFuture.completedFuture(Optional.of(Judgement.of(found ? 1 : 0, null)));
    } catch (PatternSyntaxException | BoundedText.OutOfPatience | StackOverflowError unusable) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
  }
}
