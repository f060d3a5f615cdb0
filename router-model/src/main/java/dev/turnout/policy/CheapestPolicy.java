package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The LLM of the lowest expected cost, of equal ones the first as given. An unknown cost is above
 * every known one. Made for queries that are held to a least success.
 */
final class CheapestPolicy implements SelectionPolicy {
  @Override
  public String name() {
    return "cheapest";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    double[] preference = new double[candidates.size()];
    for (int i = 0; i < preference.length; i++) {
      double cost = candidates.get(i).expectedCostUsd();
      preference[i] = Double.isNaN(cost) ? Double.NEGATIVE_INFINITY : -cost;
    }
    List<Integer> order = Ranking.by(candidates, i -> preference[i]);
    return Selection.best(candidates, order, "cheapest");
  }
}
