package dev.turnout.baseline;

/** Softmax over the graded LLMs only. */
final class MaskedSoftmax {
  private MaskedSoftmax() {}

  /**
   * The shares of the graded LLMs; 0 for the others.
   *
   * @param rewards NaN marks what is not graded
   */
  static double[] of(double[] logits, float[] rewards) {
    double highest = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < logits.length; t++) {
      highest = Float.isNaN(rewards[t]) ? highest : Math.max(highest, logits[t]);
    }
    double[] shares = new double[logits.length];
    double sum = 0;
    for (int t = 0; t < shares.length; t++) {
      shares[t] = Float.isNaN(rewards[t]) ? 0 : Math.exp(logits[t] - highest);
      sum += shares[t];
    }
    for (int t = 0; t < shares.length; t++) {
      shares[t] /= sum;
    }
    return shares;
  }
}
