package dev.turnout.grader;

import dev.turnout.schema.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a grader thinks of an answer.
 *
 * @param reward 0 (useless) to 1 (perfect)
 * @param comment why, in words; null when there is nothing to say
 * @param costUsd the answer's cost in USD where the grader knows better than the outcome, else null
 * @param subject the answer; null is the one of the outcome that was judged
 */
public record Judgement(
    double reward, @Nullable String comment, @Nullable Double costUsd, @Nullable Subject subject) {

  /**
   * An answer.
   *
   * @param queryId the query that it answers
   * @param llm who gave it
   * @param costUsd what it cost in USD; null when unknown
   * @param latencyMs how long it took in milliseconds; null when unknown
   */
  public record Subject(
      String queryId, String llm, @Nullable Double costUsd, @Nullable Long latencyMs) {

    /** The answer of an outcome. */
    public static Subject of(Outcome outcome) {
      return new Subject(
          outcome.getQueryId(), outcome.getLlm(), outcome.getCostUsd(), outcome.getLatencyMs());
    }
  }

  /** Checks that the reward is within 0..1. */
  public Judgement {
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException("reward is " + reward + "; it must be within 0..1");
    }
  }

  /** A judgement of the outcome's answer without a cost of its own. */
  public static Judgement of(double reward, @Nullable String comment) {
    return new Judgement(reward, comment, null, null);
  }

  /** A judgement of another answer than the outcome's. */
  public static Judgement about(Subject subject, double reward, String comment) {
    return new Judgement(reward, comment, null, subject);
  }
}
