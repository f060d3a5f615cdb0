package dev.turnout.router.intake;

import dev.turnout.schema.QueryConstraints;
import org.jspecify.annotations.Nullable;

/** Tells constraints that make sense from contradictory ones. */
final class ConstraintCheck {
  private ConstraintCheck() {}

  /** What is wrong, in words; null when nothing is. */
  static @Nullable String fault(@Nullable QueryConstraints constraints) {
    if (constraints == null) {
      return null;
    }
    String fault = negative("maxCostUsd", constraints.getMaxCostUsd());
    fault = fault == null ? negative("maxLatencyMs", constraints.getMaxLatencyMs()) : fault;
    fault = fault == null ? negative("costWeight", constraints.getCostWeight()) : fault;
    return fault == null ? negative("latencyWeight", constraints.getLatencyWeight()) : fault;
  }

  private static @Nullable String negative(String field, @Nullable Number value) {
    return value == null || value.doubleValue() >= 0
        ? null
        : "constraints." + field + " is " + value + "; it must be a number >= 0, or left out";
  }
}
