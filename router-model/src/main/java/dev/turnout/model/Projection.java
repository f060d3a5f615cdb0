package dev.turnout.model;

/**
 * Dense products for scoring. Every product is a sum of scaled rows (axpy), because the compiler
 * vectorises {@code out[j] += a * m[j]} but must keep the order of a floating-point reduction.
 */
final class Projection {
  private Projection() {}

  /**
   * Adds {@code input * matrix} to {@code out}.
   *
   * @param input {@code float[rows]}
   * @param rows how many entries of the input count
   * @param matrix {@code float[rows * columns]}, row-major
   * @param out {@code float[columns]}
   */
  static void accumulate(float[] input, int rows, float[] matrix, float[] out) {
    int columns = out.length;
    int row = 0;
    for (; row + 4 <= rows; row += 4) {
      axpy4(input[row], input[row + 1], input[row + 2], input[row + 3], matrix, row * columns, out);
    }
    for (; row < rows; row++) {
      axpy(input[row], matrix, row * columns, out);
    }
  }

  /** {@code out += factor * matrix[offset .. offset + out.length)}. */
  static void axpy(float factor, float[] matrix, int offset, float[] out) {
    for (int j = 0; j < out.length; j++) {
      out[j] += factor * matrix[offset + j];
    }
  }

  private static void axpy4(
      float a, float b, float c, float d, float[] matrix, int offset, float[] out) {
    int columns = out.length;
    int second = offset + columns;
    int third = second + columns;
    int fourth = third + columns;
    for (int j = 0; j < columns; j++) {
      out[j] +=
          a * matrix[offset + j]
              + b * matrix[second + j]
              + c * matrix[third + j]
              + d * matrix[fourth + j];
    }
  }

  /** Inner product of two vectors of equal length. */
  static double dot(float[] left, float[] right) {
    double sum = 0;
    for (int j = 0; j < left.length; j++) {
      sum += (double) left[j] * right[j];
    }
    return sum;
  }

  /** Euclidean length. */
  static double length(float[] vector) {
    return Math.sqrt(squaredLength(vector));
  }

  /** Sum of squares. */
  static double squaredLength(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return sum;
  }
}
