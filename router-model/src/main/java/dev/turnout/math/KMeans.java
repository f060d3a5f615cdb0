package dev.turnout.math;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Lloyd's k-means (1982) with k-means++ starts (Arthur and Vassilvitskii 2007).
 *
 * @param centroids {@code float[clusters][dimension]}
 */
public record KMeans(float[][] centroids) {

  /** Iterations after which little moves. */
  public static final int USUAL_ITERATIONS = 20;

  /** Clusters points that all count alike. */
  public static KMeans fit(float[][] points, int clusters, int iterations, StartDraw draw) {
    float[] alike = new float[points.length];
    Arrays.fill(alike, 1);
    return fit(points, alike, clusters, iterations, draw, () -> {});
  }

  /**
   * Clusters points.
   *
   * @param points {@code float[points][dimension]}, at least one
   * @param weights importance of each point, >= 0, not all 0
   * @param clusters at most this many; fewer where there are fewer points or the draw ends
   * @param iterations at most so many
   * @param check asked between the iterations; ends the work by throwing
   */
  public static KMeans fit(
      float[][] points,
      float[] weights,
      int clusters,
      int iterations,
      StartDraw draw,
      Runnable check) {
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray matrix = TensorEngine.matrix(manager, points);
      float[][] centroids = starts(points, weights, clusters, draw, check);
      int[] assigned = {};
      for (int iteration = 0; iteration < iterations; iteration++) {
        check.run();
        int[] nearest = nearest(manager, matrix, centroids);
        if (Arrays.equals(nearest, assigned)) {
          break;
        }
        assigned = nearest;
        centroids = moved(points, weights, nearest, centroids);
      }
      return new KMeans(centroids);
    }
  }

  /** The nearest centroid of each point; of no points none, as where a data set has no OOD part. */
  public int[] assign(float[][] points) {
    if (points.length == 0) {
      return new int[0];
    }
    try (NDManager manager = TensorEngine.newManager()) {
      return nearest(manager, TensorEngine.matrix(manager, points), centroids);
    }
  }

  /** Positions of the points in each cluster. */
  public static int[][] members(int[] assigned, int clusters) {
    return IntStream.range(0, clusters)
        .mapToObj(c -> IntStream.range(0, assigned.length).filter(i -> assigned[i] == c).toArray())
        .toArray(int[][]::new);
  }

  private static float[][] starts(
      float[][] points, float[] weights, int clusters, StartDraw draw, Runnable check) {
    double[] chance = new double[points.length];
    double[] squared = new double[points.length];
    Arrays.fill(squared, Double.POSITIVE_INFINITY);
    for (int i = 0; i < points.length; i++) {
      chance[i] = weights[i];
    }
    float[][] starts = new float[Math.min(clusters, points.length)][];
    for (int c = 0; c < starts.length; c++) {
      check.run();
      int drawn = draw.next(chance);
      if (drawn < 0) {
        return Arrays.copyOf(starts, c);
      }
      starts[c] = points[drawn].clone();
      for (int i = 0; i < points.length; i++) {
        squared[i] = Math.min(squared[i], Vectors.squaredDistance(points[i], starts[c]));
        chance[i] = weights[i] * squared[i];
      }
    }
    return starts;
  }

  /** Every centroid at the mean of its points; one whose points weigh nothing stays. */
  static float[][] moved(float[][] points, float[] weights, int[] assigned, float[][] centroids) {
    double[][] sums = new double[centroids.length][points[0].length];
    double[] total = new double[centroids.length];
    for (int i = 0; i < points.length; i++) {
      double[] sum = sums[assigned[i]];
      total[assigned[i]] += weights[i];
      for (int j = 0; j < sum.length; j++) {
        sum[j] += (double) weights[i] * points[i][j];
      }
    }
    float[][] moved = new float[centroids.length][];
    for (int c = 0; c < moved.length; c++) {
      if (total[c] > 0) {
        Vectors.divide(sums[c], total[c]);
        moved[c] = Vectors.narrowed(sums[c]);
      } else {
        moved[c] = centroids[c].clone();
      }
    }
    return moved;
  }

  /** |x - c| is least where x.c - |c|^2 / 2 is greatest. */
  private static int[] nearest(NDManager manager, NDArray points, float[][] centroids) {
    float[] halfSquares = new float[centroids.length];
    for (int c = 0; c < centroids.length; c++) {
      halfSquares[c] = (float) (Vectors.squaredLength(centroids[c]) / 2);
    }
    try (NDManager scratch = manager.newSubManager()) {
      NDArray columns = TensorEngine.matrix(scratch, centroids).transpose();
      NDArray product = points.matMul(columns);
      product.attach(scratch);
      NDArray affinity = product.sub(scratch.create(halfSquares, new Shape(1, centroids.length)));
      long[] best = affinity.argMax(1).toLongArray();
      return Arrays.stream(best).mapToInt(Math::toIntExact).toArray();
    }
  }
}
