package dev.turnout.grader;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Judges answers. Safe for use by several threads. */
@FunctionalInterface
public interface GradingFunction extends AutoCloseable {

  /**
   * Judges one outcome that {@linkplain #concerns concerns} this function.
   *
   * @return the judgement; empty when this function has no opinion, so that nothing is published;
   *     completes exceptionally when the opinion cannot be had, with {@link GraderAwayException}
   *     when the outcome is not to blame
   */
  CompletableFuture<Optional<Judgement>> grade(Outcome outcome);

  /**
   * Whether this function may have an opinion on an outcome: on an LLM's answer, unless it says
   * otherwise. A call that failed, came too late, was refused or was cancelled says nothing of how
   * good the LLM's answers are: that it is down is told by its availability, and that it does not
   * take a request, e.g. for its length, by what it is eligible for.
   */
  default boolean concerns(Outcome outcome) {
    return outcome.getStatus() == OutcomeStatus.SUCCEEDED && !outcome.getCancelled();
  }

  /** What decides, by its hash, whether an outcome is in the share that is graded. */
  default String sampledBy(Outcome outcome) {
    return outcome.getQueryId();
  }

  /** What keeps this function from its work, in words; null when nothing does. */
  default @Nullable String problem(Instant now) {
    return null;
  }

  @Override
  default void close() {}
}
