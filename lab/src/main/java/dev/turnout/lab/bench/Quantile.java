package dev.turnout.lab.bench;

/** Quantiles of what was measured. */
public final class Quantile {
  private Quantile() {}

  /**
   * The value that a share of the others is below; NaN without any.
   *
   * @param sorted from the smallest
   * @param share 0..1
   */
  public static double of(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
