package dev.turnout.offpolicy.savings;

/**
 * A choice with what the router expected of each LLM before it was made.
 *
 * @param choice what was chosen and what came of it
 * @param success expected reward of each of the choice's LLMs, 0..1
 * @param costUsd expected cost of each in USD; NaN when unknown
 */
public record ScoredChoice(PricedChoice choice, double[] success, double[] costUsd) {
  public ScoredChoice {
    if (success.length != choice.llms().size() || costUsd.length != success.length) {
      throw new IllegalArgumentException(
          choice.llms().size()
              + " LLMs need as many expectations, not "
              + success.length
              + " and "
              + costUsd.length);
    }
  }

  /**
   * The LLM of the highest success less what its cost is worth, among those that could be chosen.
   * An unknown cost counts as the highest known one.
   *
   * @param costWeight what a US cent is worth in reward, >= 0
   */
  int best(double costWeight) {
    double mostExpensive = 0;
    for (int a = 0; a < costUsd.length; a++) {
      if (choice.propensities()[a] > 0 && costUsd[a] > mostExpensive) {
        mostExpensive = costUsd[a];
      }
    }
    int best = choice.llm();
    double highest = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < success.length; a++) {
      double usd = Double.isNaN(costUsd[a]) ? mostExpensive : costUsd[a];
      double utility = success[a] - costWeight * 100 * usd;
      if (choice.propensities()[a] > 0 && utility > highest) {
        highest = utility;
        best = a;
      }
    }
    return best;
  }
}
