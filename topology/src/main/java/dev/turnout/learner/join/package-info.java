/** Decisions, outcomes and grades joined into training samples. */
@NullMarked
package dev.turnout.learner.join;

import org.jspecify.annotations.NullMarked;
