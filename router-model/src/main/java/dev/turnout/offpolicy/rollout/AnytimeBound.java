package dev.turnout.offpolicy.rollout;

/**
 * How many standard errors a mean may be off when one looks after every grade. A fixed-sample
 * interval that is looked at a thousand times errs far more often than its confidence says; this
 * one holds at all looks together: the asymptotic confidence sequence of Waudby-Smith et al. 2021,
 * from Robbins' normal mixture (1970).
 */
final class AnytimeBound {
  private AnytimeBound() {}

  /**
   * Standard errors between the estimate and its one-sided bound.
   *
   * @param samples number of samples so far, > 0
   * @param tunedTo number of samples at which the bound is to be tightest, > 0
   * @param confidence one-sided, over all looks, e.g. 0.95
   */
  static double factor(double samples, double tunedTo, double confidence) {
    double error = 2 * (1 - confidence);
    double logs = -2 * Math.log(error);
    double mixture = (logs + Math.log1p(logs)) * samples / tunedTo;
    return Math.sqrt((mixture + 1) / mixture * Math.log((mixture + 1) / (error * error)));
  }
}
