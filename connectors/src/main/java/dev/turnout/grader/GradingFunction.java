package dev.turnout.grader;

import dev.turnout.schema.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Judges one answer. Safe for use by several threads. */
@FunctionalInterface
public interface GradingFunction {

  /**
   * Judges a succeeded outcome.
   *
   * @return the judgement; empty when this function has no opinion, so that nothing is published;
   *     completes exceptionally when the opinion cannot be had now
   */
  CompletableFuture<Optional<Judgement>> grade(Outcome outcome);
}
