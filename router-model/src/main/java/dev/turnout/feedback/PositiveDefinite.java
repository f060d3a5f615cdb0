package dev.turnout.feedback;

/** Inverse of small symmetric positive definite matrices by Cholesky decomposition. */
final class PositiveDefinite {
  private PositiveDefinite() {}

  /**
   * The inverse.
   *
   * @throws IllegalArgumentException if the matrix is not positive definite
   */
  static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        if (i == j) {
          if (!(sum > 0)) {
            throw new IllegalArgumentException(
                "matrix of " + n + " rows is not positive definite at row " + i);
          }
          lower[i][i] = Math.sqrt(sum);
        } else {
          lower[i][j] = sum / lower[j][j];
        }
      }
    }
    double[][] inverse = new double[n][n];
    double[] column = new double[n];
    for (int c = 0; c < n; c++) {
      for (int i = 0; i < n; i++) {
        double sum = i == c ? 1 : 0;
        for (int k = 0; k < i; k++) {
          sum -= lower[i][k] * column[k];
        }
        column[i] = sum / lower[i][i];
      }
      for (int i = n - 1; i >= 0; i--) {
        double sum = column[i];
        for (int k = i + 1; k < n; k++) {
          sum -= lower[k][i] * column[k];
        }
        column[i] = sum / lower[i][i];
      }
      for (int i = 0; i < n; i++) {
        inverse[i][c] = column[i];
      }
    }
    return inverse;
  }
}
