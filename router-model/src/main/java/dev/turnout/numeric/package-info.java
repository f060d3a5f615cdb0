/** Numerical tools that training, feedback and baselines share. */
@NullMarked
package dev.turnout.numeric;

import org.jspecify.annotations.NullMarked;
