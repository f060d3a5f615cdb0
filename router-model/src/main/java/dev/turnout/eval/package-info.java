/**
 * Measuring routers on recorded outcomes: accuracies, intervals, calibration, guard, cost. Pure:
 * vectors and times come in through parameters.
 */
@NullMarked
package dev.turnout.eval;

import org.jspecify.annotations.NullMarked;
