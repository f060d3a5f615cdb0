package dev.turnout.console.savings;

import java.util.Map;

/**
 * Samples that say nothing of savings, since the console started to read.
 *
 * @param withoutCost answers of each LLM whose cost is unknown
 * @param withoutPropensities samples of routers that did not yet note the propensity of every LLM
 * @param undrawn answers of LLMs that no policy drew: shadows, and those that stood in for another
 */
public record LeftOut(Map<String, Long> withoutCost, long withoutPropensities, long undrawn) {
  public LeftOut {
    withoutCost = Map.copyOf(withoutCost);
  }
}
