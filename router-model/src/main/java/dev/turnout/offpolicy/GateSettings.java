package dev.turnout.offpolicy;

/**
 * When a candidate may replace the serving model.
 *
 * @param margin the candidate's advantage must be above this at the confidence, in reward; the
 *     default -0.01 reads: not worse by a hundredth
 * @param confidence one-sided confidence of the lower bound, e.g. 0.95
 * @param minSamples fewer held-out samples than this decide nothing: the candidate is rejected
 * @param minEffectiveSamples smallest effective sample size of the candidate on the held-out log
 */
public record GateSettings(
    double margin, double confidence, int minSamples, double minEffectiveSamples) {
  public GateSettings {
    if (!(confidence > 0.5 && confidence < 1)) {
      throw new IllegalArgumentException(
          "gate confidence must be between 0.5 and 1, but was " + confidence);
    }
    if (minSamples < 2) {
      throw new IllegalArgumentException(
          "the gate needs at least 2 samples, but minSamples was " + minSamples);
    }
  }

  public static GateSettings defaults() {
    return new GateSettings(-0.01, 0.95, 200, 50);
  }
}
