/** Judging a policy by another one's log: estimators and the promotion gate. */
@NullMarked
package dev.turnout.offpolicy;

import org.jspecify.annotations.NullMarked;
