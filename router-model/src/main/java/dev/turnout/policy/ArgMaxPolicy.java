package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/** The LLM of the highest cosine score: RouterDC's own rule. Propensity 1. */
final class ArgMaxPolicy implements SelectionPolicy {
  @Override
  public String name() {
    return "argmax";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    List<Integer> order = Ranking.byScore(candidates);
    return Selection.best(candidates, order, "highest score");
  }
}
