/** Judging routers on queries that they were not trained on, in every fold. */
@NullMarked
package dev.turnout.lab.eval.fold;

import org.jspecify.annotations.NullMarked;
