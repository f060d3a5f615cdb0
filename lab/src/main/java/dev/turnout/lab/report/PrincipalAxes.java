package dev.turnout.lab.report;

import java.util.Random;

/**
 * The two directions in which points differ most (principal component analysis by power iteration).
 */
final class PrincipalAxes {
  private static final int ITERATIONS = 60;

  private final double[] mean;
  private final double[][] axes;

  private PrincipalAxes(double[] mean, double[][] axes) {
    this.mean = mean;
    this.axes = axes;
  }

  static PrincipalAxes of(double[][] points) {
    int dimension = points[0].length;
    double[] mean = new double[dimension];
    for (double[] point : points) {
      for (int k = 0; k < dimension; k++) {
        mean[k] += point[k] / points.length;
      }
    }
    Random random = new Random(1);
    double[][] axes = new double[2][];
    for (int a = 0; a < 2; a++) {
      double[] axis = random.doubles(dimension, -1, 1).toArray();
      for (int i = 0; i < ITERATIONS; i++) {
        if (a == 1) {
          double along = dot(axis, axes[0]);
          for (int k = 0; k < dimension; k++) {
            axis[k] -= along * axes[0][k];
          }
        }
        axis = unit(spread(points, mean, axis));
      }
      axes[a] = axis;
    }
    return new PrincipalAxes(mean, axes);
  }

  double x(double[] point) {
    return along(point, axes[0]);
  }

  double y(double[] point) {
    return along(point, axes[1]);
  }

  private double along(double[] point, double[] axis) {
    double sum = 0;
    for (int k = 0; k < axis.length; k++) {
      sum += (point[k] - mean[k]) * axis[k];
    }
    return sum;
  }

  private static double[] spread(double[][] points, double[] mean, double[] axis) {
    double[] result = new double[axis.length];
    for (double[] point : points) {
      double along = 0;
      for (int k = 0; k < axis.length; k++) {
        along += (point[k] - mean[k]) * axis[k];
      }
      for (int k = 0; k < axis.length; k++) {
        result[k] += along * (point[k] - mean[k]);
      }
    }
    return result;
  }

  private static double[] unit(double[] vector) {
    double length = Math.max(Math.sqrt(dot(vector, vector)), 1e-12);
    for (int k = 0; k < vector.length; k++) {
      vector[k] /= length;
    }
    return vector;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }
}
