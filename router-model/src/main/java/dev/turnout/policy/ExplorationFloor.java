package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Mixes any policy with a uniform choice: with probability epsilon any eligible candidate, else the
 * policy's own choice. Propensities stay exact: {@code (1 - epsilon) * policy + epsilon /
 * eligible}. The request's own floor, where given, stands above the default; a query that forbids
 * exploration gets the policy alone.
 */
public final class ExplorationFloor implements SelectionPolicy {
  private final SelectionPolicy policy;
  private final double epsilon;

  /**
   * Wraps a policy.
   *
   * @param epsilon default share of uniform choices, 0..1
   */
  public ExplorationFloor(SelectionPolicy policy, double epsilon) {
    if (!(epsilon >= 0 && epsilon <= 1)) {
      throw new IllegalArgumentException("exploration floor must be in 0..1, but was " + epsilon);
    }
    this.policy = policy;
    this.epsilon = epsilon;
  }

  @Override
  public String name() {
    return policy.name();
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    double floor = Double.isNaN(request.explorationFloor()) ? epsilon : request.explorationFloor();
    Selection selection = policy.select(request, random);
    if (!request.explore() || floor == 0) {
      return selection;
    }
    List<Candidate> candidates = request.candidates();
    List<Integer> eligible = Propensities.eligible(candidates);
    if (eligible.size() == 1) {
      return selection;
    }
    double[] propensities = selection.propensities().clone();
    for (int i = 0; i < propensities.length; i++) {
      propensities[i] *= 1 - floor;
    }
    for (int index : eligible) {
      propensities[index] += floor / eligible.size();
    }
    if (random.nextDouble() >= floor) {
      return new Selection(
          selection.chosen(),
          selection.order(),
          propensities,
          selection.explored(),
          selection.reason());
    }
    int chosen = eligible.get(random.nextInt(eligible.size()));
    return new Selection(
        chosen,
        selection.order(),
        propensities,
        chosen != selection.order().get(0),
        Reason.of("explored at random", candidates.get(chosen)));
  }
}
