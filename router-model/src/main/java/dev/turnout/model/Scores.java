package dev.turnout.model;

/**
 * What a router model says about one query; the arrays align with {@link RouterModel#llms()} and
 * belong to the caller.
 *
 * @param cosine similarity of projected query and LLM embedding, -1..1
 * @param probability R(x): softmax of the cosines over the temperature; sums to 1
 * @param predictedSuccess calibrated probability of success, 0..1
 * @param cell index of the nearest centroid in the model's first cell bank, -1 without cells
 * @param cells the nearest cell of every bank, counted through all banks: row indices of what is
 *     kept per cell; empty without cells
 * @param costUsd expected cost of the answer in USD; NaN where it is not known
 * @param outputTokens expected length of the answer in tokens; NaN where it is not known
 * @param distance distance to the training data as the model's guard measures it, 0 without a guard
 * @param outOfDistribution whether the distance is above the guard's threshold
 */
public record Scores(
    double[] cosine,
    double[] probability,
    double[] predictedSuccess,
    int cell,
    int[] cells,
    double[] costUsd,
    double[] outputTokens,
    double distance,
    boolean outOfDistribution) {}
