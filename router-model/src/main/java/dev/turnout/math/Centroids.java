package dev.turnout.math;

/** Where clusters of points have their middle (Lloyd, 1982), and how far a point is from it. */
public final class Centroids {
  private Centroids() {}

  /**
   * Moves every centroid to the mean of its points; one whose points weigh nothing stays.
   *
   * @param points {@code float[points][dimension]}
   * @param weights importance of each point, >= 0
   * @param assigned the centroid of each point
   * @param centroids {@code float[clusters][dimension]}, left as they are
   * @return {@code float[clusters][dimension]}
   */
  public static float[][] moved(
      float[][] points, float[] weights, int[] assigned, float[][] centroids) {
    int dimension = points[0].length;
    double[][] sums = new double[centroids.length][dimension];
    double[] total = new double[centroids.length];
    for (int i = 0; i < points.length; i++) {
      int c = assigned[i];
      total[c] += weights[i];
      for (int j = 0; j < dimension; j++) {
        sums[c][j] += (double) weights[i] * points[i][j];
      }
    }
    float[][] moved = new float[centroids.length][dimension];
    for (int c = 0; c < moved.length; c++) {
      for (int j = 0; j < dimension; j++) {
        moved[c][j] = total[c] > 0 ? (float) (sums[c][j] / total[c]) : centroids[c][j];
      }
    }
    return moved;
  }
}
