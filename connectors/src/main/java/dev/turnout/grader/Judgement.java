package dev.turnout.grader;

import org.jspecify.annotations.Nullable;

/**
 * What a grader thinks of an answer.
 *
 * @param reward 0 (useless) to 1 (perfect)
 * @param comment why, in words; null when there is nothing to say
 * @param costUsd the answer's cost in USD where the grader knows better than the outcome, else null
 */
public record Judgement(double reward, @Nullable String comment, @Nullable Double costUsd) {

  /** Checks that the reward is within 0..1. */
  public Judgement {
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException("reward is " + reward + "; it must be within 0..1");
    }
  }

  /** A judgement without cost. */
  public static Judgement of(double reward, @Nullable String comment) {
    return new Judgement(reward, comment, null);
  }
}
