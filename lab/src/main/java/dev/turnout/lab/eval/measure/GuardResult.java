package dev.turnout.lab.eval.measure;

import java.util.Map;

/**
 * How well the distance to the training data tells foreign queries from those in distribution.
 *
 * @param auroc mean of the two below; the only one there is when the other is NaN
 * @param ood AUROC of all out-of-distribution queries, NaN without such data
 * @param nonsense AUROC of texts with shuffled words and shuffled letters together
 * @param parts AUROC of each out-of-distribution task and each kind of nonsense
 * @param flaggedId share of the test queries that the guard marks although they are in distribution
 */
public record GuardResult(
    double auroc, double ood, double nonsense, Map<String, Double> parts, double flaggedId) {}
