package dev.turnout.train.difficulty;

/**
 * A sparse matrix by rows.
 *
 * @param columns number of columns
 * @param index {@code int[rows][present]}: columns that are not 0
 * @param value {@code float[rows][present]}, aligned with the index
 */
record SparseRows(int columns, int[][] index, float[][] value) {
  int size() {
    return index.length;
  }

  /** Adds {@code factor_k * row} to column k of {@code out}, {@code double[columns][targets]}. */
  void addRow(int row, double[] factors, double[][] out) {
    for (int j = 0; j < index[row].length; j++) {
      double[] sums = out[index[row][j]];
      double entry = value[row][j];
      for (int k = 0; k < factors.length; k++) {
        sums[k] += entry * factors[k];
      }
    }
  }

  /** Product of a row and every column of {@code weights}, {@code double[columns][targets]}. */
  double[] times(int row, double[][] weights, int targets) {
    double[] product = new double[targets];
    for (int j = 0; j < index[row].length; j++) {
      double[] some = weights[index[row][j]];
      double entry = value[row][j];
      for (int k = 0; k < targets; k++) {
        product[k] += entry * some[k];
      }
    }
    return product;
  }
}
