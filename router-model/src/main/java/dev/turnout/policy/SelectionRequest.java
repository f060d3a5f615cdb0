package dev.turnout.policy;

import java.util.List;

/**
 * What a policy selects from.
 *
 * @param candidates every known LLM; at least one is eligible
 * @param costWeight predicted success that one saved US cent is worth, >= 0
 * @param latencyWeight predicted success that one saved second is worth, >= 0
 * @param outOfDistribution true when the guard found the query far from the training data
 * @param explore false forbids exploration for this query
 * @param explorationFloor share of the choice that is spread evenly over all eligible candidates,
 *     0..1, by tenant; NaN takes the policy's own default
 */
public record SelectionRequest(
    List<Candidate> candidates,
    double costWeight,
    double latencyWeight,
    boolean outOfDistribution,
    boolean explore,
    double explorationFloor) {
  public SelectionRequest {
    candidates = List.copyOf(candidates);
    if (candidates.stream().noneMatch(Candidate::eligible)) {
      throw new IllegalArgumentException("no eligible candidate among " + candidates.size());
    }
    if (!(costWeight >= 0) || !(latencyWeight >= 0)) {
      throw new IllegalArgumentException(
          "weights must be >= 0: cost " + costWeight + ", latency " + latencyWeight);
    }
    if (explorationFloor < 0 || explorationFloor > 1) {
      throw new IllegalArgumentException(
          "exploration floor must be in 0..1, but was " + explorationFloor);
    }
  }

  /** A request with the policy's own exploration floor. */
  public SelectionRequest(
      List<Candidate> candidates,
      double costWeight,
      double latencyWeight,
      boolean outOfDistribution,
      boolean explore) {
    this(candidates, costWeight, latencyWeight, outOfDistribution, explore, Double.NaN);
  }
}
