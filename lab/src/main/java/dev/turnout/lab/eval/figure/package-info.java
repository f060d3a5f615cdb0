/** Figures of recorded choices, each with what resampling the queries makes of it. */
@NullMarked
package dev.turnout.lab.eval.figure;

import org.jspecify.annotations.NullMarked;
