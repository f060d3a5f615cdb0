package dev.turnout.math;

import org.apache.commons.statistics.distribution.TDistribution;

/** Student's t distribution. */
public final class Student {
  /** Below so few degrees of freedom a standard error says next to nothing, not even roughly. */
  private static final double FEWEST_DEGREES = 3;

  private Student() {}

  /**
   * The t for which a share {@code confidence} of the distribution lies within -t..t.
   *
   * @param degrees degrees of freedom, fewer than 3 count as 3; infinite gives the normal
   *     distribution
   */
  public static double twoSided(double confidence, double degrees) {
    return TDistribution.of(Math.max(FEWEST_DEGREES, degrees))
        .inverseCumulativeProbability(0.5 + confidence / 2);
  }
}
