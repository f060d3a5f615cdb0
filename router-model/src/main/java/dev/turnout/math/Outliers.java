package dev.turnout.math;

import java.util.Arrays;

/**
 * Winsorising from above: the largest half percent of the values, at least one of ten, count as
 * much as the next largest. A sum of costs is at the mercy of its largest terms, and one answer
 * that ran away or one wrong report must not decide what all others are expected to cost.
 */
public final class Outliers {
  private static final int FEWEST = 10;
  private static final double SHARE = 0.005;

  private Outliers() {}

  /** The largest value that counts as it is; infinite for fewer than ten values. */
  public static double limit(double[] values) {
    if (values.length < FEWEST) {
      return Double.POSITIVE_INFINITY;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1 - Math.max(1, (int) (SHARE * sorted.length))];
  }
}
