package dev.turnout.math;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The standard normal distribution. Density and distribution function interpolate a table of the
 * exact ones (cubic Hermite), because an exact propensity asks for them thousands of times a query:
 * a few nanoseconds a call, absolute error below 1e-9.
 */
public final class StandardNormal {
  private static final NormalDistribution EXACT = NormalDistribution.of(0, 1);
  private static final double LIMIT = 9;
  private static final int STEPS_PER_UNIT = 64;
  private static final int STEPS = (int) (2 * LIMIT * STEPS_PER_UNIT);
  private static final double STEP = 1.0 / STEPS_PER_UNIT;
  private static final double[] DENSITY = new double[STEPS + 1];
  private static final double[] DISTRIBUTION = new double[STEPS + 1];

  /** Slope of the density over one step. */
  private static final double[] SLOPE = new double[STEPS + 1];

  static {
    for (int i = 0; i <= STEPS; i++) {
      DENSITY[i] = EXACT.density(at(i));
      DISTRIBUTION[i] = EXACT.cumulativeProbability(at(i));
      SLOPE[i] = -at(i) * DENSITY[i] * STEP;
    }
  }

  private StandardNormal() {}

  /** Probability that a standard normal variable is at most {@code z}. */
  public static double distribution(double z) {
    if (z <= -LIMIT) {
      return 0;
    }
    if (z >= LIMIT) {
      return 1;
    }
    double position = (z + LIMIT) * STEPS_PER_UNIT;
    int i = (int) position;
    return between(
        DISTRIBUTION[i],
        DENSITY[i] * STEP,
        DISTRIBUTION[i + 1],
        DENSITY[i + 1] * STEP,
        position - i);
  }

  /** Density of the standard normal at {@code z}. */
  public static double density(double z) {
    if (z <= -LIMIT || z >= LIMIT) {
      return 0;
    }
    double position = (z + LIMIT) * STEPS_PER_UNIT;
    int i = (int) position;
    return between(DENSITY[i], SLOPE[i], DENSITY[i + 1], SLOPE[i + 1], position - i);
  }

  private static double at(int step) {
    return step * STEP - LIMIT;
  }

  /** The cubic through two values with two slopes, at a share t of the way. */
  private static double between(
      double left, double slopeLeft, double right, double slopeRight, double t) {
    double rise = right - left;
    double bend = 3 * rise - 2 * slopeLeft - slopeRight;
    double twist = slopeLeft + slopeRight - 2 * rise;
    return left + t * (slopeLeft + t * (bend + t * twist));
  }
}
