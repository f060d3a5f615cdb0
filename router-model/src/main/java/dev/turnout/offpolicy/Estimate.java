package dev.turnout.offpolicy;

/**
 * An estimated mean reward, or a difference of two, with its interval.
 *
 * @param value the estimate
 * @param standardError its standard error
 * @param lower lower bound at the confidence asked for
 * @param upper upper bound at the confidence asked for
 * @param effectiveSampleSize number of equally weighted samples that would say as much: (sum of
 *     weights) squared over sum of squared weights
 * @param samples number of choices used
 */
public record Estimate(
    double value,
    double standardError,
    double lower,
    double upper,
    double effectiveSampleSize,
    int samples) {

  /** True when the interval holds {@code truth}. */
  public boolean covers(double truth) {
    return lower <= truth && truth <= upper;
  }
}
