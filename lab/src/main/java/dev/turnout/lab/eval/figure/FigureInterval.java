package dev.turnout.lab.eval.figure;

import java.util.Arrays;

/**
 * A figure with its 95 % interval; NaN where there is none, infinite where it is never reached.
 *
 * @param value over the queries as they are
 * @param low 2.5 % quantile over the resamples
 * @param high 97.5 % quantile over the resamples
 */
public record FigureInterval(double value, double low, double high) {
  private static final double TAIL = 0.025;

  /** Of a figure's values: the first over the queries as they are, the others over resamples. */
  public static FigureInterval of(double[] values) {
    double[] sorted =
        Arrays.stream(values).skip(1).filter(value -> !Double.isNaN(value)).sorted().toArray();
    return sorted.length == 0
        ? new FigureInterval(values[0], Double.NaN, Double.NaN)
        : new FigureInterval(values[0], quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  /** Of a difference, resample by resample. */
  public static FigureInterval difference(double[] ours, double[] theirs) {
    double[] difference = new double[ours.length];
    for (int r = 0; r < difference.length; r++) {
      difference[r] = ours[r] - theirs[r];
    }
    return of(difference);
  }

  /** True when the interval holds no zero. */
  public boolean excludesZero() {
    return low > 0 || high < 0;
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
