package dev.turnout.train.guard;

import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import dev.turnout.model.guard.Strangeness;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which tasks share a threshold. Few tasks have one each; of many, those that resemble each other
 * share one, and a task of which more is flagged than stated gets its own.
 */
final class TaskGroups {
  private static final int EACH_ITS_OWN = 8;
  private static final int MOST = 16;
  private static final double TOLERANCE = 0.01;

  private TaskGroups() {}

  /**
   * Groups tasks.
   *
   * @param task of each query
   * @param points what tells tasks apart, {@code double[queries][dimension]}
   * @return the group of each task, from 0
   */
  static int[] similar(int[] task, int tasks, double[][] points, SplittableRandom random) {
    int[] groups = new int[tasks];
    if (tasks <= EACH_ITS_OWN) {
      Arrays.setAll(groups, t -> t);
      return groups;
    }
    int dimension = points[0].length;
    float[][] means = new float[tasks][dimension];
    for (int j = 0; j < dimension; j++) {
      int column = j;
      double mean = Arrays.stream(points).mapToDouble(p -> p[column]).average().orElse(0);
      double square =
          Arrays.stream(points)
              .mapToDouble(p -> (p[column] - mean) * (p[column] - mean))
              .average()
              .orElse(0);
      double[] sums = new double[tasks];
      int[] counts = new int[tasks];
      for (int i = 0; i < points.length; i++) {
        sums[task[i]] += (points[i][j] - mean) / Math.sqrt(square + 1e-9);
        counts[task[i]]++;
      }
      for (int t = 0; t < tasks; t++) {
        means[t][j] = (float) (sums[t] / Math.max(1, counts[t]));
      }
    }
    return numbered(
        KMeans.fit(means, EACH_ITS_OWN, KMeans.USUAL_ITERATIONS, StartDraw.proportional(random))
            .assign(means));
  }

  /** Consecutive numbers from 0. */
  private static int[] numbered(int[] groups) {
    int[] used = Arrays.stream(groups).distinct().sorted().toArray();
    return Arrays.stream(groups).map(group -> Arrays.binarySearch(used, group)).toArray();
  }

  /** Gives tasks of which too many held-out queries are flagged groups of their own. */
  static int[] split(int[] groups, HeldOut held, int known, double rate) {
    int[] now = groups;
    while (Arrays.stream(now).max().orElse(0) + 1 < MOST) {
      int worst = worst(now, held, known, rate);
      if (worst < 0) {
        return now;
      }
      now = now.clone();
      now[worst] = Arrays.stream(now).max().orElse(0) + 1;
    }
    return now;
  }

  private static int worst(int[] groups, HeldOut held, int known, double rate) {
    double[][][] spaces = held.spaces(groups);
    int[] group = Arrays.stream(held.task()).map(t -> groups[t]).toArray();
    Strangeness scale = new GroupCalibration(spaces, group, known, rate).fit();
    int[] flagged = new int[held.tasks()];
    int[] counts = new int[held.tasks()];
    for (int i = 0; i < spaces.length; i++) {
      counts[held.task()[i]]++;
      flagged[held.task()[i]] += scale.distance(spaces[i], known) > 1 ? 1 : 0;
    }
    int worst = -1;
    double most = TOLERANCE;
    for (int t = 0; t < counts.length; t++) {
      int own = groups[t];
      double noise = Math.sqrt(rate * (1 - rate) / counts[t]);
      double excess = (double) flagged[t] / counts[t] - rate - noise;
      if (excess > most && Arrays.stream(groups).filter(g -> g == own).count() > 1) {
        most = excess;
        worst = t;
      }
    }
    return worst;
  }
}
