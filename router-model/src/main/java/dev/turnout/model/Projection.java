package dev.turnout.model;

/**
 * Dense products for scoring. Every product is a sum of scaled rows (axpy), because the compiler
 * must keep the order of a floating-point reduction. Rows are arrays of their own under one common
 * index, because a loop over one long array with an offset a row is not vectorised (2 to 3 times
 * slower on JDK 17).
 */
final class Projection {
  private Projection() {}

  /**
   * Adds {@code input * matrix} to {@code out}.
   *
   * @param input {@code float[rows]}
   * @param matrix {@code float[rows][columns]}
   * @param out {@code float[columns]}
   */
  static void accumulate(float[] input, float[][] matrix, float[] out) {
    int row = 0;
    for (; row + 4 <= matrix.length; row += 4) {
      axpy4(
          input[row],
          matrix[row],
          input[row + 1],
          matrix[row + 1],
          input[row + 2],
          matrix[row + 2],
          input[row + 3],
          matrix[row + 3],
          out);
    }
    for (; row < matrix.length; row++) {
      axpy(input[row], matrix[row], out);
    }
  }

  /** {@code out += factor * row}. */
  static void axpy(float factor, float[] row, float[] out) {
    for (int j = 0; j < out.length; j++) {
      out[j] += factor * row[j];
    }
  }

  private static void axpy4(
      float a,
      float[] first,
      float b,
      float[] second,
      float c,
      float[] third,
      float d,
      float[] fourth,
      float[] out) {
    for (int j = 0; j < out.length; j++) {
      out[j] += a * first[j] + b * second[j] + c * third[j] + d * fourth[j];
    }
  }
}
