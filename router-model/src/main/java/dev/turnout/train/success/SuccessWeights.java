package dev.turnout.train.success;

import dev.turnout.math.Vectors;

/**
 * Linear weights over the features phi.
 *
 * @param llms {@code double[llms][features]}: success of each LLM beyond the query's easiness
 * @param easiness {@code double[features]}: success common to all LLMs, beyond the overall mean
 */
public record SuccessWeights(double[][] llms, double[] easiness) {

  /** Advantage of every LLM on every query: {@code double[queries][llms]}. */
  public double[][] advantages(float[][] phi) {
    double[][] all = new double[phi.length][llms.length];
    for (int i = 0; i < phi.length; i++) {
      for (int t = 0; t < llms.length; t++) {
        all[i][t] = Vectors.dot(llms[t], phi[i]);
      }
    }
    return all;
  }

  /** Easiness of every query. */
  double[] easiness(float[][] phi) {
    double[] all = new double[phi.length];
    for (int i = 0; i < phi.length; i++) {
      all[i] = Vectors.dot(easiness, phi[i]);
    }
    return all;
  }

  /** The sum of these and further weights. */
  SuccessWeights plus(SuccessWeights more) {
    double[][] sums = new double[llms.length][];
    for (int t = 0; t < llms.length; t++) {
      sums[t] = sum(llms[t], more.llms[t]);
    }
    return new SuccessWeights(sums, sum(easiness, more.easiness));
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    Vectors.add(1, b, sum);
    return sum;
  }
}
