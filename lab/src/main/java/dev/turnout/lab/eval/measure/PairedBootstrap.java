package dev.turnout.lab.eval.measure;

import dev.turnout.app.data.EncodedQueries;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap of a difference between two routers' task averages (Efron and Tibshirani
 * 1993). Queries are drawn with replacement within each task, the same ones for both routers.
 */
public final class PairedBootstrap {
  /** Enough for an interval's second digit. */
  public static final int RESAMPLES = 2000;

  /** Of every bootstrap, so that figures can be printed again. */
  public static final long SEED = 20260101;

  private static final double TAIL = 0.025;

  private PairedBootstrap() {}

  /**
   * The difference in percentage points.
   *
   * @param ours reward of each query
   * @param theirs reward of each query; all 0 gives the interval of ours alone
   * @param resamples e.g. 2,000
   */
  public static Interval difference(
      EncodedQueries queries, double[] ours, double[] theirs, int resamples, long seed) {
    int[] task = queries.taskIndices();
    double[] difference = new double[ours.length];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = 100 * (ours[i] - theirs[i]);
    }
    double[][] byTask =
        IntStream.range(0, queries.tasks().size())
            .mapToObj(
                wanted ->
                    IntStream.range(0, task.length)
                        .filter(i -> task[i] == wanted && !Double.isNaN(difference[i]))
                        .mapToDouble(i -> difference[i])
                        .toArray())
            .filter(values -> values.length > 0)
            .toArray(double[][]::new);
    double estimate =
        Arrays.stream(byTask)
            .mapToDouble(values -> Arrays.stream(values).average().orElse(0))
            .average()
            .orElse(Double.NaN);
    SplittableRandom random = new SplittableRandom(seed);
    double[] estimates = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      for (double[] values : byTask) {
        double sum = 0;
        for (int n = 0; n < values.length; n++) {
          sum += values[random.nextInt(values.length)];
        }
        estimates[r] += sum / values.length / byTask.length;
      }
    }
    Arrays.sort(estimates);
    return new Interval(estimate, quantile(estimates, TAIL), quantile(estimates, 1 - TAIL));
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
