package dev.turnout.math;

/**
 * Quantiles of Student's t distribution by the Cornish-Fisher expansion around the normal quantile
 * (Abramowitz and Stegun 26.7.5); within 1 % from 3 degrees of freedom on, which is also the least
 * it reckons with.
 */
public final class StudentQuantile {
  private static final double FEWEST_DEGREES = 3;

  private StudentQuantile() {}

  /**
   * The t for which a share {@code confidence} of the distribution lies within -t..t.
   *
   * @param degrees degrees of freedom; infinite gives the normal distribution
   */
  public static double twoSided(double confidence, double degrees) {
    double z = NormalQuantile.twoSided(confidence);
    double n = Math.max(FEWEST_DEGREES, degrees);
    double z3 = z * z * z;
    double z5 = z3 * z * z;
    double z7 = z5 * z * z;
    return z
        + (z3 + z) / (4 * n)
        + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
  }
}
