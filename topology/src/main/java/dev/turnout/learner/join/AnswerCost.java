package dev.turnout.learner.join;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an answer took. Numbers that no answer can take are unknown.
 *
 * @param costUsd 0 to {@value #LARGEST_COST_USD}; null when unknown
 * @param latencyMs 0 to a year's; null when unknown
 * @param completionTokens 0 to {@value #LARGEST_ANSWER}; null when unknown
 */
record AnswerCost(
    @Nullable Double costUsd, @Nullable Long latencyMs, @Nullable Long completionTokens) {
  /** A sum of costs beyond it would drown what all other answers cost. */
  static final double LARGEST_COST_USD = 1_000_000;

  /** In tokens; no LLM answers so much. */
  static final long LARGEST_ANSWER = 10_000_000;

  private static final long LARGEST_LATENCY_MS = Duration.ofDays(365).toMillis();

  /** Nothing is known. */
  static final AnswerCost UNKNOWN = new AnswerCost(null, null, null);

  AnswerCost {
    costUsd = known(costUsd, cost -> cost >= 0 && cost <= LARGEST_COST_USD);
    latencyMs = known(latencyMs, latency -> latency >= 0 && latency <= LARGEST_LATENCY_MS);
    completionTokens = known(completionTokens, tokens -> tokens >= 0 && tokens <= LARGEST_ANSWER);
  }

  private static <T> @Nullable T known(@Nullable T value, Predicate<T> possible) {
    return value != null && possible.test(value) ? value : null;
  }

  /** This where it is known, the other for the rest. */
  AnswerCost or(AnswerCost other) {
    return new AnswerCost(
        costUsd == null ? other.costUsd : costUsd,
        latencyMs == null ? other.latencyMs : latencyMs,
        completionTokens == null ? other.completionTokens : completionTokens);
  }
}
