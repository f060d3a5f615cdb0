package dev.turnout.train.difficulty;

/**
 * Ridge regression of several targets on a sparse matrix by conjugate gradients. Every target has
 * its own missing values, so columns and targets are centred on what the target has; the centring
 * stays implicit, which keeps the matrix sparse. Sums are taken in a fixed order on one thread, so
 * equal data give equal weights.
 *
 * @param weights {@code double[columns][targets]}
 * @param centre {@code double[targets]}: what a target's weights say of its mean row
 */
record SparseRidge(double[][] weights, double[] centre) {
  private static final int STEPS = 20;

  /**
   * Fits.
   *
   * @param target {@code float[rows][targets]}, NaN = missing
   * @param importance of each row, 0 leaves it out
   * @param penalty on the squared length of each target's weights, > 0
   */
  static SparseRidge fit(SparseRows rows, float[][] target, double[] importance, double penalty) {
    int targets = target[0].length;
    int columns = rows.columns();
    double[][] mean = new double[columns][targets];
    double[] level = new double[targets];
    double[] mass = new double[targets];
    for (int i = 0; i < rows.size(); i++) {
      double[] present = new double[targets];
      for (int k = 0; k < targets; k++) {
        if (!Float.isNaN(target[i][k])) {
          present[k] = importance[i];
          mass[k] += importance[i];
          level[k] += importance[i] * target[i][k];
        }
      }
      rows.addRow(i, present, mean);
    }
    for (int k = 0; k < targets; k++) {
      double divisor = Math.max(mass[k], 1e-12);
      level[k] /= divisor;
      for (double[] column : mean) {
        column[k] /= divisor;
      }
    }
    double[][] weights = new double[columns][targets];
    double[][] left = new double[columns][targets];
    double[] sums = new double[targets];
    for (int i = 0; i < rows.size(); i++) {
      double[] residual = new double[targets];
      for (int k = 0; k < targets; k++) {
        if (!Float.isNaN(target[i][k])) {
          residual[k] = importance[i] * (target[i][k] - level[k]);
          sums[k] += residual[k];
        }
      }
      rows.addRow(i, residual, left);
    }
    subtract(mean, sums, left);
    double[][] direction = copy(left);
    double[] squares = products(left, left, targets);
    for (int step = 0; step < STEPS; step++) {
      double[][] image = image(rows, target, importance, mean, direction, penalty);
      double[] along = products(direction, image, targets);
      double[] next = new double[targets];
      for (int c = 0; c < columns; c++) {
        for (int k = 0; k < targets; k++) {
          double pace = squares[k] / (along[k] + 1e-30);
          weights[c][k] += pace * direction[c][k];
          left[c][k] -= pace * image[c][k];
          next[k] += left[c][k] * left[c][k];
        }
      }
      for (int c = 0; c < columns; c++) {
        for (int k = 0; k < targets; k++) {
          direction[c][k] = left[c][k] + next[k] / (squares[k] + 1e-30) * direction[c][k];
        }
      }
      squares = next;
    }
    return new SparseRidge(weights, products(mean, weights, targets));
  }

  /** Targets beyond their means, as the weights predict them for a row. */
  double[] beyondMean(SparseRows rows, int row) {
    double[] predicted = rows.times(row, weights, centre.length);
    for (int k = 0; k < centre.length; k++) {
      predicted[k] -= centre[k];
    }
    return predicted;
  }

  private static double[][] image(
      SparseRows rows,
      float[][] target,
      double[] importance,
      double[][] mean,
      double[][] direction,
      double penalty) {
    int targets = target[0].length;
    double[] offset = products(mean, direction, targets);
    double[][] image = new double[rows.columns()][targets];
    double[] sums = new double[targets];
    for (int i = 0; i < rows.size(); i++) {
      if (importance[i] == 0) {
        continue;
      }
      double[] product = rows.times(i, direction, targets);
      for (int k = 0; k < targets; k++) {
        product[k] = Float.isNaN(target[i][k]) ? 0 : importance[i] * (product[k] - offset[k]);
        sums[k] += product[k];
      }
      rows.addRow(i, product, image);
    }
    subtract(mean, sums, image);
    for (int c = 0; c < image.length; c++) {
      for (int k = 0; k < targets; k++) {
        image[c][k] += penalty * direction[c][k];
      }
    }
    return image;
  }

  private static void subtract(double[][] mean, double[] factors, double[][] out) {
    for (int c = 0; c < out.length; c++) {
      for (int k = 0; k < factors.length; k++) {
        out[c][k] -= mean[c][k] * factors[k];
      }
    }
  }

  private static double[] products(double[][] a, double[][] b, int targets) {
    double[] products = new double[targets];
    for (int c = 0; c < a.length; c++) {
      for (int k = 0; k < targets; k++) {
        products[k] += a[c][k] * b[c][k];
      }
    }
    return products;
  }

  private static double[][] copy(double[][] matrix) {
    double[][] copy = new double[matrix.length][];
    for (int c = 0; c < copy.length; c++) {
      copy[c] = matrix[c].clone();
    }
    return copy;
  }
}
