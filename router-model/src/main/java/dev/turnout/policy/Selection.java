package dev.turnout.policy;

import java.util.List;

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
    int chosen, List<Integer> order, double[] propensities, boolean explored, String reason) {}
