/** Judging recipes and baselines on recorded outcomes. */
@NullMarked
package dev.turnout.lab.eval;

import org.jspecify.annotations.NullMarked;
