/** Judging a model by its own traffic: stages, anytime bounds, roll-back. */
@NullMarked
package dev.turnout.offpolicy.rollout;

import org.jspecify.annotations.NullMarked;
