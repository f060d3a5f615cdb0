/** Predicting an LLM's success: regressions, calibration, folds. */
@NullMarked
package dev.turnout.train.success;

import org.jspecify.annotations.NullMarked;
