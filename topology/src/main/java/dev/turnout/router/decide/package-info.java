/** Room three: candidates, policy, limits, and the decision that says why. */
@NullMarked
package dev.turnout.router.decide;

import org.jspecify.annotations.NullMarked;
