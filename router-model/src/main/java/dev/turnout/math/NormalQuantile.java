package dev.turnout.math;

/**
 * Quantiles and tail of the standard normal: the rational approximation of Abramowitz and Stegun
 * 26.2.17 for the distribution (absolute error below 7.5e-8), inverted by bisection.
 */
public final class NormalQuantile {
  private NormalQuantile() {}

  /** The z for which a share {@code confidence} of a standard normal lies within -z..z. */
  static double twoSided(double confidence) {
    return at(0.5 + confidence / 2);
  }

  /**
   * The z below which a share {@code probability} of a standard normal lies.
   *
   * @throws IllegalArgumentException unless {@code probability} is strictly between 0 and 1
   */
  public static double at(double probability) {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "probability must be strictly between 0 and 1, but was " + probability);
    }
    double low = -9;
    double high = 9;
    for (int i = 0; i < 80; i++) {
      double middle = (low + high) / 2;
      if (distribution(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Probability that a standard normal variable is at most {@code z}. */
  public static double distribution(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double tail =
        Math.exp(-z * z / 2)
            * 0.3989422804014327
            * t
            * (0.31938153
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return z >= 0 ? 1 - tail : tail;
  }
}
