package dev.turnout.math;

/**
 * Density and distribution function of the standard normal by cubic Hermite interpolation in a
 * table: a few nanoseconds a call, absolute error below 1e-9.
 */
final class StandardNormal {
  private static final double LIMIT = 9;
  private static final int STEPS_PER_UNIT = 64;
  private static final int STEPS = (int) (2 * LIMIT * STEPS_PER_UNIT);
  private static final double STEP = 1.0 / STEPS_PER_UNIT;
  private static final double INVERSE_ROOT_TWO_PI = 0.3989422804014327;
  private static final double[] DENSITY = new double[STEPS + 1];
  private static final double[] DISTRIBUTION = new double[STEPS + 1];

  static {
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
      double z = at(i);
      DENSITY[i] = exactDensity(z);
      if (i > 0) {
        sum += simpson(at(i - 1), z);
      }
      DISTRIBUTION[i] = sum;
    }
  }

  private StandardNormal() {}

  /** Probability that a standard normal variable is at most {@code z}. */
  static double distribution(double z) {
    if (z <= -LIMIT) {
      return 0;
    }
    if (z >= LIMIT) {
      return 1;
    }
    double position = (z + LIMIT) * STEPS_PER_UNIT;
    int i = (int) position;
    double t = position - i;
    double left = DISTRIBUTION[i];
    double slopeLeft = DENSITY[i] * STEP;
    double right = DISTRIBUTION[i + 1];
    double slopeRight = DENSITY[i + 1] * STEP;
    double rise = right - left;
    double bend = 3 * rise - 2 * slopeLeft - slopeRight;
    double twist = slopeLeft + slopeRight - 2 * rise;
    return left + t * (slopeLeft + t * (bend + t * twist));
  }

  /** Density of the standard normal at {@code z}. */
  static double density(double z) {
    if (z <= -LIMIT || z >= LIMIT) {
      return 0;
    }
    double position = (z + LIMIT) * STEPS_PER_UNIT;
    int i = (int) position;
    double t = position - i;
    double left = DENSITY[i];
    double slopeLeft = -at(i) * left * STEP;
    double right = DENSITY[i + 1];
    double slopeRight = -at(i + 1) * right * STEP;
    double rise = right - left;
    double bend = 3 * rise - 2 * slopeLeft - slopeRight;
    double twist = slopeLeft + slopeRight - 2 * rise;
    return left + t * (slopeLeft + t * (bend + t * twist));
  }

  private static double at(int step) {
    return step * STEP - LIMIT;
  }

  private static double exactDensity(double z) {
    return INVERSE_ROOT_TWO_PI * StrictMath.exp(-0.5 * z * z);
  }

  private static double simpson(double from, double to) {
    double quarter = (to - from) / 4;
    return (to - from)
        / 12
        * (exactDensity(from)
            + 4 * exactDensity(from + quarter)
            + 2 * exactDensity(from + 2 * quarter)
            + 4 * exactDensity(from + 3 * quarter)
            + exactDensity(to));
  }
}
