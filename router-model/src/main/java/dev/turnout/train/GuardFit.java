package dev.turnout.train;

import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Fits the guard: k-means prototypes of the training queries and a quantile of held-out ones. */
final class GuardFit {
  private static final int PROTOTYPES = 64;
  private static final int HELD_OUT_OF = 5;

  private GuardFit() {}

  /**
   * Fits prototypes on four fifths of the queries and the threshold on the rest.
   *
   * @param x centred query vectors
   * @param quantile share of held-out queries within the threshold, 0..1
   */
  static Guard fit(float[][] x, float[] weights, double quantile, SplittableRandom random) {
    int[] order = Folds.shuffled(x.length, random);
    int held = Math.max(1, x.length / HELD_OUT_OF);
    float[][] kept = new float[Math.max(1, x.length - held)][];
    float[] keptWeights = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      int from = order[(held + i) % x.length];
      kept[i] = x[from];
      keptWeights[i] = Math.max(weights[from], 1e-6f);
    }
    float[][] prototypes = KMeans.centroids(kept, keptWeights, PROTOTYPES, random);
    double[] distances = new double[held];
    for (int i = 0; i < held; i++) {
      distances[i] = nearest(x[order[i]], prototypes);
    }
    Arrays.sort(distances);
    int rank = (int) Math.ceil(quantile * held) - 1;
    return new Guard(
        null, Matrix.of(prototypes), 1, distances[Math.max(0, Math.min(held - 1, rank))]);
  }

  private static double nearest(float[] x, float[][] prototypes) {
    double least = Double.POSITIVE_INFINITY;
    for (float[] prototype : prototypes) {
      double sum = 0;
      for (int j = 0; j < x.length; j++) {
        double difference = x[j] - prototype[j];
        sum += difference * difference;
      }
      least = Math.min(least, sum);
    }
    return least;
  }
}
