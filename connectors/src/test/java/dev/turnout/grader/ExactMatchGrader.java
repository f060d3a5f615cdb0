package dev.turnout.grader;

import dev.turnout.schema.Outcome;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Compares the answer with the expected one in the query's metadata: equal up to case, white space
 * and Unicode form gives 1, anything else 0. Queries without an expected answer are not graded.
 */
public final class ExactMatchGrader implements GradingFunction {

  private final String key;

  /** Takes the expected answer from the metadata key {@code expected}. */
  public ExactMatchGrader() {
    this("expected");
  }

  /** Takes the expected answer from the given metadata key. */
  public ExactMatchGrader(String key) {
    this.key = key;
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    String answer = outcome.getAnswer() == null ? "" : outcome.getAnswer();
    return CompletableFuture.completedFuture(
        Optional.ofNullable(outcome.getMetadata().get(key))
            .map(expected -> plain(expected).equals(plain(answer)))
            .map(equal -> Judgement.of(equal ? 1 : 0, null)));
  }

  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .strip()
        .replaceAll("\\s+", " ")
        .toLowerCase(Locale.ROOT);
  }
}
