package dev.turnout.math;

/** Solves and inverts symmetric positive definite systems by Cholesky factors. */
public final class Cholesky {
  private final double[][] lower;

  private Cholesky(double[][] lower) {
    this.lower = lower;
  }

  /**
   * Factors {@code matrix}.
   *
   * @param matrix {@code double[n][n]}, symmetric positive definite; not changed
   * @throws IllegalArgumentException if the matrix is not positive definite
   */
  public static Cholesky of(double[][] matrix) {
    return of(matrix, 0);
  }

  /**
   * Factors {@code matrix + penalty * identity}.
   *
   * @throws IllegalArgumentException if the sum is not positive definite
   */
  public static Cholesky of(double[][] matrix, double penalty) {
    int n = matrix.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j] + (i == j ? penalty : 0);
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
    return new Cholesky(lower);
  }

  /** The x of {@code matrix * x = right}. */
  public double[] solve(double[] right) {
    int n = lower.length;
    double[] x = right.clone();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= lower[i][k] * x[k];
      }
      x[i] /= lower[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        x[i] -= lower[k][i] * x[k];
      }
      x[i] /= lower[i][i];
    }
    return x;
  }

  /** The inverse of the matrix. */
  public double[][] inverse() {
    int n = lower.length;
    double[][] inverse = new double[n][n];
    for (int c = 0; c < n; c++) {
      double[] axis = new double[n];
      axis[c] = 1;
      double[] column = solve(axis);
      for (int i = 0; i < n; i++) {
        inverse[i][c] = column[i];
      }
    }
    return inverse;
  }
}
