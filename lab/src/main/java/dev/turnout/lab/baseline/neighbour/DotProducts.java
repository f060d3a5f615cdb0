package dev.turnout.lab.baseline.neighbour;

import java.util.stream.IntStream;

/** Many dot products at once, laid out so that the compiler can use vector instructions. */
public final class DotProducts {
  private static final int BLOCK = 512;

  private DotProducts() {}

  /**
   * Every row of the left with every row of the right.
   *
   * @return {@code float[left.length][right.length]}
   */
  public static float[][] of(float[][] left, float[][] right) {
    float[][] products = new float[left.length][right.length];
    for (int start = 0; start < right.length; start += BLOCK) {
      int width = Math.min(BLOCK, right.length - start);
      float[][] columns = columns(right, start, width);
      int offset = start;
      IntStream.range(0, left.length)
          .parallel()
          .forEach(
              i -> {
                float[] sums = new float[width];
                for (int k = 0; k < columns.length; k++) {
                  add(sums, left[i][k], columns[k]);
                }
                System.arraycopy(sums, 0, products[i], offset, width);
              });
    }
    return products;
  }

  private static void add(float[] sums, float factor, float[] column) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += factor * column[j];
    }
  }

  private static float[][] columns(float[][] rows, int start, int width) {
    float[][] columns = new float[rows[start].length][width];
    for (int j = 0; j < width; j++) {
      float[] row = rows[start + j];
      for (int k = 0; k < row.length; k++) {
        columns[k][j] = row[k];
      }
    }
    return columns;
  }
}
