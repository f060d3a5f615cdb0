package dev.turnout.policy.limit;

import java.util.Set;

/**
 * What a query demands of the LLM that answers it.
 *
 * @param allowedLlms ids of the LLMs that may answer; empty = any
 * @param maxCostUsd highest expected cost in USD; NaN = no limit
 * @param maxLatencyMs highest expected latency in milliseconds; NaN = no limit
 */
public record ChoiceLimits(Set<String> allowedLlms, double maxCostUsd, double maxLatencyMs) {
  public ChoiceLimits {
    allowedLlms = Set.copyOf(allowedLlms);
    if (maxCostUsd < 0 || maxLatencyMs < 0) {
      throw new IllegalArgumentException(
          "limits must be >= 0: cost " + maxCostUsd + " USD, latency " + maxLatencyMs + " ms");
    }
  }

  /** No demands. */
  public static ChoiceLimits none() {
    return new ChoiceLimits(Set.of(), Double.NaN, Double.NaN);
  }
}
