package dev.turnout.encoder.statictokens;

import dev.turnout.encoder.wordpiece.TokenIds;

/**
 * One row a token: its embedding less the vocabulary's mean, times the weight a/(a+p) of its
 * frequency p (Arora et al. 2017, "smooth inverse frequency"). The mean over a text is then a plain
 * sum of rows, since the length of the sum does not count. Immutable.
 */
final class TokenTable {
  /** Tokens rarer than this count in full; commoner ones count less and less. */
  static final double SMOOTHING = 0.01;

  private final float[][] rows;
  private final int dimension;

  private TokenTable(float[][] rows, int dimension) {
    this.rows = rows;
    this.dimension = dimension;
  }

  /**
   * Weighs the embeddings.
   *
   * @param embeddings {@code float[tokens * dimension]}, row-major
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
    float[][] rows = new float[tokens][dimension];
    for (int token = 0; token < tokens; token++) {
      double weight = SMOOTHING / (SMOOTHING + frequencies[token]);
      for (int d = 0; d < dimension; d++) {
        rows[token][d] = (float) (weight * (embeddings[token * dimension + d] - mean[d] / tokens));
      }
    }
    return new TokenTable(rows, dimension);
  }

  int dimension() {
    return dimension;
  }

  /**
   * Adds the rows of some tokens, one after the other.
   *
   * @param sum {@code float[dimension]}
   */
  void addAll(TokenIds ids, float[] sum) {
    int position = 0;
    for (; position + 4 <= ids.size(); position += 4) {
      add4(
          rows[ids.get(position)],
          rows[ids.get(position + 1)],
          rows[ids.get(position + 2)],
          rows[ids.get(position + 3)],
          sum);
    }
    for (; position < ids.size(); position++) {
      add(rows[ids.get(position)], sum);
    }
  }

  // An array a row and one index for all: the compiler vectorises these loops, but not those over
  // one long array with an offset a row. Kept in the order of addition, so sums are bit-equal.
  private static void add4(float[] a, float[] b, float[] c, float[] d, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (((sum[i] + a[i]) + b[i]) + c[i]) + d[i];
    }
  }

  private static void add(float[] row, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += row[i];
    }
  }
}
