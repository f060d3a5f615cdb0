package dev.turnout.offpolicy.rollout;

/**
 * How many standard errors a mean may be off when one looks after every grade. A fixed-sample
 * interval that is looked at a thousand times errs far more often than its confidence says; this
 * one holds at all looks together.
 *
 * <p>Why it is sound: were the mean off by any fixed amount, the likelihood ratio for that amount
 * would be a martingale under the truth; averaged over amounts by a normal density it still is
 * (Robbins 1970), and a non-negative martingale ever exceeds one over the error with at most that
 * probability (Ville 1939). Solving for the mean gives a bound that holds at all sample sizes at
 * once. With the estimated in place of the true variance it holds asymptotically (Waudby-Smith et
 * al. 2021, "Time-uniform central limit theory and asymptotic confidence sequences"), which is why
 * {@link LiveComparison} asks for a fewest number of grades first. The width of the averaging
 * density is free; it is set so that the bound is tightest at a chosen number of samples.
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
