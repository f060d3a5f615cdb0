package dev.turnout.train.success;

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
        all[i][t] = product(llms[t], phi[i]);
      }
    }
    return all;
  }

  /** Easiness of every query. */
  double[] easiness(float[][] phi) {
    double[] all = new double[phi.length];
    for (int i = 0; i < phi.length; i++) {
      all[i] = product(easiness, phi[i]);
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
    for (int j = 0; j < sum.length; j++) {
      sum[j] += b[j];
    }
    return sum;
  }

  private static double product(double[] weights, float[] phi) {
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      sum += weights[j] * phi[j];
    }
    return sum;
  }
}
