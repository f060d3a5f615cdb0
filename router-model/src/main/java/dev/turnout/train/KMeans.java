package dev.turnout.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.turnout.belief.StopSignal;
import dev.turnout.math.Centroids;
import dev.turnout.math.TensorEngine;
import dev.turnout.math.Vectors;
import java.util.Arrays;
import java.util.SplittableRandom;

/** k-means++ starts (Arthur and Vassilvitskii, 2007) followed by Lloyd's iterations. */
public final class KMeans {
  private static final int ITERATIONS = 20;

  private KMeans() {}

  /**
   * Clusters points.
   *
   * @param points {@code float[points][dimension]}, at least one
   * @param weights importance of each point, >= 0, not all 0
   * @param clusters at most this many are returned; fewer if there are fewer distinct points
   * @return {@code float[clusters][dimension]}
   */
  public static float[][] centroids(
      float[][] points, float[] weights, int clusters, SplittableRandom random) {
    return centroids(points, weights, clusters, random, StopSignal.never());
  }

  /** The same, asking between the iterations whether to go on. */
  public static float[][] centroids(
      float[][] points, float[] weights, int clusters, SplittableRandom random, StopSignal stop) {
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray matrix = TensorEngine.matrix(manager, points);
      float[][] centroids = seeds(points, weights, clusters, random, stop);
      int[] assigned = {};
      for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        stop.check();
        int[] nearest = nearest(manager, matrix, centroids);
        if (Arrays.equals(nearest, assigned)) {
          break;
        }
        assigned = nearest;
        centroids = Centroids.moved(points, weights, nearest, centroids);
      }
      return centroids;
    }
  }

  /** Group of every point, all of which count alike. */
  public static int[] groups(float[][] points, int groups, SplittableRandom random) {
    float[] ones = new float[points.length];
    Arrays.fill(ones, 1);
    return assign(points, centroids(points, ones, groups, random));
  }

  /** Index of the nearest centroid of every point. */
  static int[] assign(float[][] points, float[][] centroids) {
    try (NDManager manager = TensorEngine.newManager()) {
      return nearest(manager, TensorEngine.matrix(manager, points), centroids);
    }
  }

  private static float[][] seeds(
      float[][] points, float[] weights, int clusters, SplittableRandom random, StopSignal stop) {
    double[] chance = new double[points.length];
    double[] squared = new double[points.length];
    Arrays.fill(squared, Double.POSITIVE_INFINITY);
    for (int i = 0; i < points.length; i++) {
      chance[i] = weights[i];
    }
    float[][] seeds = new float[Math.min(clusters, points.length)][];
    for (int c = 0; c < seeds.length; c++) {
      stop.check();
      int drawn = draw(chance, random);
      if (drawn < 0) {
        return Arrays.copyOf(seeds, c);
      }
      seeds[c] = points[drawn].clone();
      for (int i = 0; i < points.length; i++) {
        squared[i] = Math.min(squared[i], Vectors.squaredDistance(points[i], seeds[c]));
        chance[i] = weights[i] * squared[i];
      }
    }
    return seeds;
  }

  private static int draw(double[] chance, SplittableRandom random) {
    double sum = Arrays.stream(chance).sum();
    if (!(sum > 0)) {
      return -1;
    }
    double point = random.nextDouble() * sum;
    int last = -1;
    for (int i = 0; i < chance.length; i++) {
      if (chance[i] > 0) {
        last = i;
        point -= chance[i];
        if (point < 0) {
          break;
        }
      }
    }
    return last;
  }

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
