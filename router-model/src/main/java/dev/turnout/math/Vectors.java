package dev.turnout.math;

import java.util.Arrays;
import java.util.List;

/**
 * Sums over vectors, each in double precision and in the order of the coordinates, so that equal
 * vectors give bit-equal results. Two vectors of one call have equal lengths unless it says
 * otherwise. Products on the way of a query are in {@code dev.turnout.model.Projection}.
 */
public final class Vectors {
  private Vectors() {}

  /** Inner product. */
  public static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (double) a[j] * b[j];
    }
    return sum;
  }

  /** Inner product over the coordinates of {@code a}; {@code b} may have more. */
  public static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  /** Inner product. */
  public static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  /** Sum of squares. */
  public static double squaredLength(float[] vector) {
    return dot(vector, vector);
  }

  /** Euclidean length. */
  public static double length(float[] vector) {
    return Math.sqrt(squaredLength(vector));
  }

  /** Euclidean length. */
  public static double length(double[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  /** Squared Euclidean distance; coordinates are subtracted in single precision. */
  public static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double difference = a[j] - b[j];
      sum += difference * difference;
    }
    return sum;
  }

  /** Scales {@code vector} in place to length 1; a vector of zeros becomes the first axis. */
  public static void normalise(float[] vector) {
    double squares = squaredLength(vector);
    if (squares == 0) {
      vector[0] = 1;
      return;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int j = 0; j < vector.length; j++) {
      vector[j] *= scale;
    }
  }

  /** {@code out += factor * vector}. */
  public static void add(double factor, double[] vector, double[] out) {
    for (int j = 0; j < out.length; j++) {
      out[j] += factor * vector[j];
    }
  }

  /** Divides {@code vector} in place. */
  public static void divide(double[] vector, double by) {
    for (int j = 0; j < vector.length; j++) {
      vector[j] /= by;
    }
  }

  /**
   * Takes from {@code vector}, in place, what lies along an orthonormal basis: Gram-Schmidt, twice
   * for accuracy.
   *
   * @return the length of what is left
   */
  public static double orthogonalise(double[] vector, List<double[]> basis) {
    for (int pass = 0; pass < 2; pass++) {
      for (double[] known : basis) {
        add(-dot(known, vector), known, vector);
      }
    }
    return length(vector);
  }

  /**
   * The mean of at least one vector.
   *
   * @return {@code double[dimension]}
   */
  public static double[] mean(List<float[]> vectors) {
    double[] mean = new double[vectors.get(0).length];
    for (float[] vector : vectors) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += vector[j];
      }
    }
    divide(mean, vectors.size());
    return mean;
  }

  /** A copy in double precision. */
  public static double[] widened(float[] vector) {
    double[] wide = new double[vector.length];
    for (int j = 0; j < wide.length; j++) {
      wide[j] = vector[j];
    }
    return wide;
  }

  /** A copy in single precision. */
  public static float[] narrowed(double[] vector) {
    float[] narrow = new float[vector.length];
    for (int j = 0; j < narrow.length; j++) {
      narrow[j] = (float) vector[j];
    }
    return narrow;
  }

  /** The rows at some positions; not copied. */
  public static float[][] select(float[][] rows, int[] positions) {
    return Arrays.stream(positions).mapToObj(i -> rows[i]).toArray(float[][]::new);
  }
}
