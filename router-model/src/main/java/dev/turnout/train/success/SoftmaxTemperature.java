package dev.turnout.train.success;

/**
 * Fits the temperature of R(x): the one under which the softmax of the scores best predicts which
 * LLMs succeed, by the cross-entropy against each query's grades scaled to sum to 1. Queries whose
 * grades are all equal say nothing and are left out.
 */
public final class SoftmaxTemperature {
  private static final double LOWEST = 1e-3;
  private static final double HIGHEST = 1e2;
  private static final int CANDIDATES = 81;

  private SoftmaxTemperature() {}

  /**
   * Fits on a logarithmic grid.
   *
   * @param scores {@code double[queries][llms]}
   * @param rewards {@code float[queries][llms]}, NaN = not graded
   * @param weights importance of each query
   */
  public static double fit(double[][] scores, float[][] rewards, double[] weights) {
    double best = 1;
    double lowest = Double.POSITIVE_INFINITY;
    for (int c = 0; c < CANDIDATES; c++) {
      double temperature = LOWEST * Math.pow(HIGHEST / LOWEST, c / (CANDIDATES - 1.0));
      double loss = 0;
      for (int i = 0; i < scores.length; i++) {
        loss += weights[i] * loss(scores[i], rewards[i], temperature);
      }
      if (loss < lowest) {
        lowest = loss;
        best = temperature;
      }
    }
    return best;
  }

  private static double loss(double[] scores, float[] rewards, double temperature) {
    double highest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < scores.length; t++) {
      if (!Float.isNaN(rewards[t])) {
        highest = Math.max(highest, scores[t]);
        sum += rewards[t];
        least = Math.min(least, rewards[t]);
        most = Math.max(most, rewards[t]);
      }
    }
    if (!(most > least) || !(sum > 0)) {
      return 0;
    }
    double partition = 0;
    double expected = 0;
    for (int t = 0; t < scores.length; t++) {
      if (!Float.isNaN(rewards[t])) {
        double logit = (scores[t] - highest) / temperature;
        partition += Math.exp(logit);
        expected += rewards[t] / sum * logit;
      }
    }
    return Math.log(partition) - expected;
  }
}
