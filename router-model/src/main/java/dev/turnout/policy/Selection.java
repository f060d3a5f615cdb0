package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a policy decided.
 *
 * @param chosen index into the candidates
 * @param order all candidate indices, best first by the policy's own order, ineligible ones last
 * @param propensities probability with which the policy would choose each candidate for this query,
 *     aligned with the candidates; sums to 1; 0 for ineligible ones
 * @param explored true when the choice was random rather than the policy's best
 * @param reason the choice in words, for people
 */
public record Selection(
    int chosen, List<Integer> order, double[] propensities, boolean explored, String reason) {

  /** The first of an order for certain. */
  static Selection best(List<Candidate> candidates, List<Integer> order, String why) {
    int best = order.get(0);
    return new Selection(
        best,
        order,
        Propensities.certain(candidates.size(), best),
        false,
        Reason.of(why, candidates.get(best)));
  }

  /** A draw by propensities. */
  static Selection drawn(
      List<Candidate> candidates,
      List<Integer> order,
      double[] propensities,
      String why,
      RandomGenerator random) {
    int chosen = Propensities.draw(propensities, random);
    return new Selection(
        chosen,
        order,
        propensities,
        chosen != order.get(0),
        Reason.of(why, candidates.get(chosen)));
  }
}
