/** How well the guard tells strangers from queries in distribution. */
@NullMarked
package dev.turnout.lab.eval.guard;

import org.jspecify.annotations.NullMarked;
