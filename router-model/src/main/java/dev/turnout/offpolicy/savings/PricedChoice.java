package dev.turnout.offpolicy.savings;

import java.util.List;

/**
 * A choice whose grade and cost are known.
 *
 * @param tenant whose query it was
 * @param cell region of the queries that it lies in; {@value #NO_CELL} for none
 * @param llms every LLM that the query was ranked for
 * @param propensities probability with which each of {@code llms} would have been chosen; 0 for one
 *     that could not be
 * @param llm which of {@code llms} answered
 * @param reward of the answer, 0..1
 * @param costUsd cost of the answer in USD, >= 0
 */
public record PricedChoice(
    String tenant,
    int cell,
    List<String> llms,
    double[] propensities,
    int llm,
    double reward,
    double costUsd) {
  /** The cell of a query that lies in none. */
  public static final int NO_CELL = -1;

  public PricedChoice {
    llms = List.copyOf(llms);
    if (llms.size() != propensities.length) {
      throw new IllegalArgumentException(
          llms.size() + " LLMs need as many propensities, not " + propensities.length);
    }
    if (llm < 0 || llm >= llms.size() || !(propensities[llm] > 0 && propensities[llm] <= 1)) {
      throw new IllegalArgumentException(
          "the LLM that answered must have a propensity in (0, 1], but llm was "
              + llm
              + " of "
              + llms);
    }
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException("reward must be in 0..1, but was " + reward);
    }
    if (!(costUsd >= 0) || Double.isInfinite(costUsd)) {
      throw new IllegalArgumentException("cost must be a number >= 0, but was " + costUsd);
    }
  }

  /** Probability with which the LLM that answered was chosen. */
  double propensity() {
    return propensities[llm];
  }
}
