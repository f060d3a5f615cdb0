/** Watching a promoted model on its own traffic. */
@NullMarked
package dev.turnout.learner.rollout;

import org.jspecify.annotations.NullMarked;
