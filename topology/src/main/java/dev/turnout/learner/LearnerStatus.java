package dev.turnout.learner;

import org.jspecify.annotations.Nullable;

/**
 * How a learner is doing.
 *
 * @param active whether this instance folds the samples (the others stand by)
 * @param samples samples taken in since the fold began
 * @param promotions candidates promoted by this instance
 * @param rejections candidates rejected by this instance
 * @param model version the posteriors refer to; null before any
 * @param lastVerdict the gate's last word; null before any
 */
public record LearnerStatus(
    boolean active,
    long samples,
    int promotions,
    int rejections,
    @Nullable String model,
    @Nullable String lastVerdict) {}
