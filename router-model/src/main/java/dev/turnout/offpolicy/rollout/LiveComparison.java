package dev.turnout.offpolicy.rollout;

import dev.turnout.offpolicy.Estimate;
import java.util.List;

/**
 * How much more one model earns live than another, from the graded queries each decided. The
 * interval may be looked at after every grade ({@link AnytimeBound}). Between a canary and the
 * serving model the hash of the query id makes it a randomised comparison; between a model and its
 * forerunner it also holds whatever else changed meanwhile.
 *
 * <p>What holds at all times: the result depends on the rewards alone, neither on their order nor
 * on how often one looked before, so that a restarted learner decides as one that ran on. Under the
 * assumption that the means do not differ by more than a margin, the chance that the interval ever
 * lies beyond it, over all looks, is at most one minus the confidence. The two sides are
 * independent samples of unequal size, so the variances add (Welch), each over the number of equal
 * weights that its own weights are worth (Kish 1965). A side whose few grades happen to be alike
 * borrows the pooled variance: a variance of 0 would decide at once.
 */
public final class LiveComparison {
  /** Multiple of the fewest samples at which the bound is tightest. */
  private static final int TUNED_TO = 4;

  private final RollbackSettings settings;

  public LiveComparison(RollbackSettings settings) {
    this.settings = settings;
  }

  /**
   * Compares.
   *
   * @return the difference of the mean rewards, positive when {@code model} earns more; an infinite
   *     interval while either side has fewer graded queries than the settings ask for
   */
  public Estimate difference(List<ServedReward> model, List<ServedReward> other) {
    Mean own = Mean.of(model);
    Mean others = Mean.of(other);
    double value = own.value - others.value;
    int samples = Math.min(own.samples, others.samples);
    if (samples < settings.fewest()) {
      return new Estimate(
          samples == 0 ? 0 : value,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          samples,
          own.samples);
    }
    // few grades may all be alike by luck; either side's spread stands for the other's then
    double pooled =
        (own.variance * own.samples + others.variance * others.samples)
            / (own.samples + others.samples);
    double error =
        Math.sqrt(
            Math.max(own.variance, pooled) / own.effective
                + Math.max(others.variance, pooled) / others.effective);
    double effective = 1 / (1 / own.effective + 1 / others.effective);
    double reach =
        error
            * AnytimeBound.factor(
                effective, (double) TUNED_TO * settings.fewest(), settings.confidence());
    return new Estimate(value, error, value - reach, value + reach, effective, own.samples);
  }

  /** A weighted mean, the variance around it, and what its weights are worth in samples. */
  private record Mean(double value, double variance, double effective, int samples) {
    static Mean of(List<ServedReward> rewards) {
      double weights = 0;
      double squares = 0;
      double sum = 0;
      int samples = 0;
      for (ServedReward reward : rewards) {
        weights += reward.weight();
        squares += reward.weight() * reward.weight();
        sum += reward.weight() * reward.reward();
        samples += reward.weight() > 0 ? 1 : 0;
      }
      if (samples == 0) {
        return new Mean(0, 0, 0, 0);
      }
      double value = sum / weights;
      double spread = 0;
      for (ServedReward reward : rewards) {
        double deviation = reward.reward() - value;
        spread += reward.weight() * deviation * deviation;
      }
      return new Mean(value, spread / weights, weights * weights / squares, samples);
    }
  }
}
