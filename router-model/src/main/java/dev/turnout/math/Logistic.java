package dev.turnout.math;

/** The logistic function and its relative over several choices. */
public final class Logistic {
  private Logistic() {}

  /** Probability whose log-odds are {@code logit}. */
  public static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /**
   * Shares that rise with the scores and sum to 1.
   *
   * @param temperature > 0; the lower, the more the highest score takes
   */
  public static double[] softmax(double[] scores, double temperature) {
    double highest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      highest = Math.max(highest, score);
    }
    double[] shares = new double[scores.length];
    double sum = 0;
    for (int t = 0; t < shares.length; t++) {
      shares[t] = Math.exp((scores[t] - highest) / temperature);
      sum += shares[t];
    }
    Vectors.divide(shares, sum);
    return shares;
  }
}
