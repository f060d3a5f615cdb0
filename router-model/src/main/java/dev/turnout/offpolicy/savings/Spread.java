package dev.turnout.offpolicy.savings;

/**
 * How far answers lie from their prediction: mean products of the residuals, those of costs as
 * shares of the predicted cost, so that they carry over from cheap queries to dear ones.
 */
record Spread(double rewardSquared, double product, double costSquared) {
  static final Spread NONE = new Spread(0, 0, 0);

  /** Mean of two, this one counted so many times. */
  Spread mean(double times, Spread other, double otherTimes) {
    double sum = times + otherTimes;
    return sum > 0
        ? new Spread(
            (times * rewardSquared + otherTimes * other.rewardSquared) / sum,
            (times * product + otherTimes * other.product) / sum,
            (times * costSquared + otherTimes * other.costSquared) / sum)
        : this;
  }

  /** Mean squared residual of a blend where the predicted cost is as given. */
  double variance(Blend blend, double costUsd) {
    double scale = costUsd > 0 ? costUsd : 1;
    double r = blend.reward();
    double c = blend.cost() * scale;
    return Math.max(0, r * r * rewardSquared + 2 * r * c * product + c * c * costSquared);
  }
}
