/**
 * Off-policy evaluation: what a policy would have earned, estimated from choices another policy
 * made and logged with their propensities, and the gate that promotes on such estimates.
 */
@NullMarked
package dev.turnout.ope;

import org.jspecify.annotations.NullMarked;
