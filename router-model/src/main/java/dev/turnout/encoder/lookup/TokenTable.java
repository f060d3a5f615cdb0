package dev.turnout.encoder.lookup;

/**
 * One row a token: its embedding less the vocabulary's mean, times the weight a/(a+p) of its
 * frequency p (Arora et al. 2017, "smooth inverse frequency"). The mean over a text is then a plain
 * sum of rows, since the length of the sum does not count. Immutable.
 */
final class TokenTable {
  /** Tokens rarer than this count in full; commoner ones count less and less. */
  static final double SMOOTHING = 0.01;

  private final float[] rows;
  private final int dimension;

  private TokenTable(float[] rows, int dimension) {
    this.rows = rows;
    this.dimension = dimension;
  }

  /**
   * Weighs the embeddings in place.
   *
   * @param embeddings {@code float[tokens * dimension]}, row-major; owned by the table afterwards
   * @param frequencies relative frequency of each token, {@code double[tokens]}
   */
  static TokenTable of(float[] embeddings, int dimension, double[] frequencies) {
    int tokens = embeddings.length / dimension;
    if (tokens != frequencies.length) {
      throw new IllegalArgumentException(
          tokens + " embeddings, but " + frequencies.length + " token frequencies");
    }
    double[] mean = new double[dimension];
    for (int token = 0; token < tokens; token++) {
      for (int d = 0; d < dimension; d++) {
        mean[d] += embeddings[token * dimension + d];
      }
    }
    for (int token = 0; token < tokens; token++) {
      double weight = SMOOTHING / (SMOOTHING + frequencies[token]);
      for (int d = 0; d < dimension; d++) {
        int at = token * dimension + d;
        embeddings[at] = (float) (weight * (embeddings[at] - mean[d] / tokens));
      }
    }
    return new TokenTable(embeddings, dimension);
  }

  int dimension() {
    return dimension;
  }

  /** Adds the token's row to {@code sum}, {@code float[dimension]}. */
  void add(int token, float[] sum) {
    float[] table = rows;
    int at = token * dimension;
    for (int d = 0; d < sum.length; d++) {
      sum[d] += table[at + d];
    }
  }
}
