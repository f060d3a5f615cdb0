package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/** Draws from R(x), restricted to the eligible LLMs and scaled to sum to 1. */
final class SamplePolicy implements SelectionPolicy {
  @Override
  public String name() {
    return "sample";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    double[] propensities =
        Propensities.proportional(
            candidates, candidates.stream().mapToDouble(Candidate::probability).toArray());
    List<Integer> order = Ranking.by(candidates, i -> propensities[i]);
    return Selection.drawn(candidates, order, propensities, "drawn from R(x)", random);
  }
}
