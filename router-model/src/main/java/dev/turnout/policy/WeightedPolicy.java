package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The LLM of the highest utility: predicted success - costWeight * cents - latencyWeight * seconds.
 * An unknown cost or latency counts as the most expensive or slowest known one among the eligible
 * LLMs, so that not knowing is no advantage. With both weights 0 it is {@code argmax}.
 */
final class WeightedPolicy implements SelectionPolicy {
  private final ArgMaxPolicy argMax = new ArgMaxPolicy();

  @Override
  public String name() {
    return "weighted";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    if (request.costWeight() == 0 && request.latencyWeight() == 0) {
      return argMax.select(request, random);
    }
    List<Candidate> candidates = request.candidates();
    double mostExpensive = 0;
    double slowest = 0;
    for (Candidate candidate : candidates) {
      if (candidate.eligible()) {
        mostExpensive = Math.max(mostExpensive, orZero(candidate.expectedCostUsd()));
        slowest = Math.max(slowest, orZero(candidate.expectedLatencyMs()));
      }
    }
    double[] utility = new double[candidates.size()];
    for (int i = 0; i < utility.length; i++) {
      Candidate candidate = candidates.get(i);
      double usd =
          Double.isNaN(candidate.expectedCostUsd()) ? mostExpensive : candidate.expectedCostUsd();
      double milliseconds =
          Double.isNaN(candidate.expectedLatencyMs()) ? slowest : candidate.expectedLatencyMs();
      utility[i] =
          candidate.predictedSuccess()
              - request.costWeight() * usd * 100
              - request.latencyWeight() * milliseconds / 1000;
    }
    List<Integer> order = Ranking.by(candidates, i -> utility[i]);
    return Selection.best(candidates, order, "best success for its cost and latency");
  }

  private static double orZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }
}
