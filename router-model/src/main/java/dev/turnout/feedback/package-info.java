/**
 * Learning from graded choices: posteriors per cell and LLM, Thompson sampling with exact
 * propensities, trust in graders, change detection.
 *
 * <p>Everything here is a pure function of a window of samples, so two replicas that have read the
 * same log hold bit-equal state.
 */
@NullMarked
package dev.turnout.feedback;

import org.jspecify.annotations.NullMarked;
