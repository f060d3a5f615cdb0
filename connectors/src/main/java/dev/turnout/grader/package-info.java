/** Judges outcomes and publishes grades. */
@NullMarked
package dev.turnout.grader;

import org.jspecify.annotations.NullMarked;
