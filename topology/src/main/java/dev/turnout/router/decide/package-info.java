/**
 * Room three: candidates, limits, budget, policy, and the decision that says why. Knows {@code
 * router.encode} and {@code router.intake}, and what {@code control} has put in place.
 */
@NullMarked
package dev.turnout.router.decide;

import org.jspecify.annotations.NullMarked;
