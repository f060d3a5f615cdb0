package dev.turnout.belief;

/**
 * Trust in graders by their agreement with the consensus: a grader whose grades deviate
 * systematically, cell by cell and LLM by LLM, from what all graders together say loses trust. Mere
 * noise does not count, and neither does a small deviation.
 */
final class GraderTrust {
  private GraderTrust() {}

  /**
   * Trust of every grader.
   *
   * @param seen the observations
   * @param consensus what all graders together say
   * @param variance variance of a single grade around the consensus
   * @param tolerance systematic deviation that halves the trust (and soon takes it all)
   * @return {@code double[graders]}, 0..1; 1 for a sole grader
   */
  static double[] of(Observations seen, PooledFit consensus, double variance, double tolerance) {
    int groups = seen.cells() * seen.llms();
    double[][] sum = new double[seen.graders()][groups];
    double[][] count = new double[seen.graders()][groups];
    for (int i = 0; i < seen.size(); i++) {
      int group = seen.cell()[i] * seen.llms() + seen.llm()[i];
      double deviation = seen.residual()[i] - consensus.expected(seen.cell()[i], seen.llm()[i]);
      sum[seen.grader()[i]][group] += deviation;
      count[seen.grader()[i]][group]++;
    }
    double[] trust = new double[seen.graders()];
    for (int g = 0; g < trust.length; g++) {
      double chiSquared = 0;
      double total = 0;
      int freedom = 0;
      for (int k = 0; k < groups; k++) {
        if (count[g][k] > 0) {
          chiSquared += sum[g][k] * sum[g][k] / (count[g][k] * variance);
          total += count[g][k];
          freedom++;
        }
      }
      // two standard deviations of a chi-squared variable are still noise
      double excess = Math.max(0, chiSquared - freedom - 2 * Math.sqrt(2.0 * freedom));
      double bias = total > 0 ? excess * variance / total : 0;
      double ratio = bias / (tolerance * tolerance);
      trust[g] = trust.length == 1 ? 1 : 1 / (1 + ratio * ratio);
    }
    return trust;
  }
}
