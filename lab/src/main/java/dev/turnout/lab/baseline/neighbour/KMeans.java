package dev.turnout.lab.baseline.neighbour;

import dev.turnout.math.Centroids;
import dev.turnout.math.Vectors;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Lloyd's k-means with k-means++ seeding (Arthur and Vassilvitskii 2007).
 *
 * @param centroids {@code float[cells][dimension]}
 */
record KMeans(float[][] centroids) {

  /**
   * Clusters points.
   *
   * @param points {@code float[points][dimension]}
   * @param cells wanted number of cells; fewer when there are fewer points
   * @param iterations at most so many
   */
  static KMeans fit(float[][] points, int cells, int iterations, long seed) {
    Random random = new Random(seed);
    KMeans means = new KMeans(seeds(points, Math.min(cells, points.length), random));
    float[] alike = new float[points.length];
    Arrays.fill(alike, 1);
    int[] previous = {};
    for (int iteration = 0; iteration < iterations; iteration++) {
      int[] assigned = means.assign(points);
      if (Arrays.equals(assigned, previous)) {
        break;
      }
      means = new KMeans(Centroids.moved(points, alike, assigned, means.centroids));
      previous = assigned;
    }
    return means;
  }

  /** The nearest centroid of each point. */
  int[] assign(float[][] points) {
    float[][] products = DotProducts.of(points, centroids);
    double[] halfSquares =
        Arrays.stream(centroids).mapToDouble(c -> Vectors.squaredLength(c) / 2).toArray();
    int[] assigned = new int[points.length];
    for (int i = 0; i < assigned.length; i++) {
      int best = 0;
      for (int c = 1; c < centroids.length; c++) {
        if (products[i][c] - halfSquares[c] > products[i][best] - halfSquares[best]) {
          best = c;
        }
      }
      assigned[i] = best;
    }
    return assigned;
  }

  /** Positions of the points in each cell. */
  static int[][] members(int[] assigned, int cells) {
    return IntStream.range(0, cells)
        .mapToObj(
            cell -> IntStream.range(0, assigned.length).filter(i -> assigned[i] == cell).toArray())
        .toArray(int[][]::new);
  }

  private static float[][] seeds(float[][] points, int cells, Random random) {
    float[][] seeds = new float[cells][];
    seeds[0] = points[random.nextInt(points.length)];
    double[] distance = new double[points.length];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    for (int c = 1; c < cells; c++) {
      double total = 0;
      for (int i = 0; i < points.length; i++) {
        distance[i] = Math.min(distance[i], Vectors.squaredDistance(points[i], seeds[c - 1]));
        total += distance[i];
      }
      double target = random.nextDouble() * total;
      int chosen = 0;
      while (chosen < points.length - 1 && (target -= distance[chosen]) > 0) {
        chosen++;
      }
      seeds[c] = points[chosen];
    }
    return seeds;
  }
}
