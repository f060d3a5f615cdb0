package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/** Any eligible LLM with equal probability. */
final class RandomPolicy implements SelectionPolicy {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    double[] propensities =
        Propensities.uniform(candidates.size(), Propensities.eligible(candidates));
    List<Integer> order = Ranking.byScore(candidates);
    return Selection.drawn(candidates, order, propensities, "drawn at random", random);
  }
}
