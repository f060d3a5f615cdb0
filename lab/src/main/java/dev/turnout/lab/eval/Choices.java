package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;

/** What choices earn, cost and share out. */
public final class Choices {
  private Choices() {}

  /**
   * Expected reward of each query: over the graded LLMs that may be chosen.
   *
   * @return {@code double[queries]}, NaN where none of them is graded
   */
  public static double[] rewards(EncodedQueries queries, double[][] propensities) {
    double[] rewards = new double[propensities.length];
    for (int i = 0; i < rewards.length; i++) {
      double[] row = queries.queries().get(i).rewards();
      double sum = 0;
      double mass = 0;
      for (int t = 0; t < row.length; t++) {
        if (propensities[i][t] > 0 && !Double.isNaN(row[t])) {
          sum += propensities[i][t] * row[t];
          mass += propensities[i][t];
        }
      }
      rewards[i] = mass > 0 ? sum / mass : Double.NaN;
    }
    return rewards;
  }

  /** How many of the choices have a grade, in expectation. */
  public static double graded(EncodedQueries queries, double[][] propensities) {
    double graded = 0;
    for (int i = 0; i < propensities.length; i++) {
      double[] row = queries.queries().get(i).rewards();
      for (int t = 0; t < row.length; t++) {
        graded += Double.isNaN(row[t]) ? 0 : propensities[i][t];
      }
    }
    return graded;
  }

  /** Mean share of the queries that each LLM gets. */
  public static double[] shares(double[][] propensities, int llms) {
    double[] shares = new double[llms];
    for (double[] row : propensities) {
      for (int t = 0; t < llms; t++) {
        shares[t] += row[t] / propensities.length;
      }
    }
    return shares;
  }
}
