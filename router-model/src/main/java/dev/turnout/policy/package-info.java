/** Selection policies: pure functions from scored candidates to a selection with propensities. */
@NullMarked
package dev.turnout.policy;

import org.jspecify.annotations.NullMarked;
