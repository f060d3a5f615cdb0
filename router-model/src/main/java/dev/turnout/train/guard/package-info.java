/** Fitting the guard on training queries alone. */
@NullMarked
package dev.turnout.train.guard;

import org.jspecify.annotations.NullMarked;
