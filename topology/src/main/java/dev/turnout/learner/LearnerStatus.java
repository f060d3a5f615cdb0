package dev.turnout.learner;

import org.jspecify.annotations.Nullable;

/**
 * How a learner is doing.
 *
 * @param active whether this instance acts on what it learns (the others stand by)
 * @param samples samples taken in since this instance began to read
 * @param promotions candidates that passed this instance's gate
 * @param rejections candidates that did not
 * @param rollBacks models that this instance took back
 * @param model version that serves; null before any
 * @param staged version on trial; null without one
 * @param lastVerdict the gate's latest reason; null before any verdict
 */
public record LearnerStatus(
    boolean active,
    long samples,
    int promotions,
    int rejections,
    int rollBacks,
    @Nullable String model,
    @Nullable String staged,
    @Nullable String lastVerdict) {

  /** Before the first turn of the loop. */
  public static LearnerStatus starting() {
    return new LearnerStatus(false, 0, 0, 0, 0, null, null, null);
  }
}
