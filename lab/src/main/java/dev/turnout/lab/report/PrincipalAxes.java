package dev.turnout.lab.report;

import dev.turnout.math.Vectors;
import java.util.Random;

/**
 * The two directions in which points differ most (principal component analysis by power iteration),
 * each of length 1.
 */
record PrincipalAxes(double[] first, double[] second) {
  private static final int ITERATIONS = 60;

  /**
   * Finds the axes.
   *
   * @param points {@code double[points][dimension]}, with their mean at the origin
   */
  static PrincipalAxes of(double[][] points) {
    Random random = new Random(1);
    int dimension = points[0].length;
    double[] first =
        axis(points, random.doubles(dimension, -1, 1).toArray(), new double[dimension]);
    return new PrincipalAxes(
        first, axis(points, random.doubles(dimension, -1, 1).toArray(), first));
  }

  double x(double[] point) {
    return Vectors.dot(first, point);
  }

  double y(double[] point) {
    return Vectors.dot(second, point);
  }

  private static double[] axis(double[][] points, double[] start, double[] without) {
    double[] axis = start;
    for (int i = 0; i < ITERATIONS; i++) {
      Vectors.add(-Vectors.dot(axis, without), without, axis);
      double[] spread = new double[axis.length];
      for (double[] point : points) {
        Vectors.add(Vectors.dot(axis, point), point, spread);
      }
      Vectors.divide(spread, Math.max(Vectors.length(spread), 1e-12));
      axis = spread;
    }
    return axis;
  }
}
