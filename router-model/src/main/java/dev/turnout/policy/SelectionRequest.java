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
 */
public record SelectionRequest(
    List<Candidate> candidates,
    double costWeight,
    double latencyWeight,
    boolean outOfDistribution,
    boolean explore) {
  public SelectionRequest {
    candidates = List.copyOf(candidates);
    if (candidates.stream().noneMatch(Candidate::eligible)) {
      throw new IllegalArgumentException("no eligible candidate among " + candidates.size());
    }
    if (!(costWeight >= 0) || !(latencyWeight >= 0)) {
      throw new IllegalArgumentException(
          "weights must be >= 0: cost " + costWeight + ", latency " + latencyWeight);
    }
  }
}
