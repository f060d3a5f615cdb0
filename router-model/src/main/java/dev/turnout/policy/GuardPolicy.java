package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Abstains from routing far from the training data: a query out of distribution goes to the LLM of
 * the highest overall success, any other by another policy. Where overall successes are unknown,
 * predicted successes stand in.
 */
public final class GuardPolicy implements SelectionPolicy {
  private final SelectionPolicy inDistribution;

  /** Guards another policy. */
  public GuardPolicy(SelectionPolicy inDistribution) {
    this.inDistribution = inDistribution;
  }

  @Override
  public String name() {
    return "guard";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    if (!request.outOfDistribution()) {
      return inDistribution.select(request, random);
    }
    List<Candidate> candidates = request.candidates();
    boolean known = candidates.stream().anyMatch(c -> !Double.isNaN(c.overallSuccess()));
    List<Integer> order =
        Ranking.by(
            candidates,
            i -> known ? candidates.get(i).overallSuccess() : candidates.get(i).predictedSuccess());
    return Selection.best(candidates, order, "best overall, as the query is out of distribution");
  }
}
