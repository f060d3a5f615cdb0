package dev.turnout.offpolicy;

import dev.turnout.offpolicy.rollout.LiveComparison;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares a candidate with the serving model on held-out choices and promotes it only if the lower
 * bound of the doubly-robust difference is above the margin. A pure function of its inputs.
 *
 * <p>What holds at all times: a candidate that is worse than the margin is promoted with a
 * probability of at most one minus the confidence, up to the normal approximation, however the
 * reward model errs. It rests on three things that the caller sees to: the held-out choices are
 * later than all that the candidate was trained on, each carries the propensity that it was really
 * drawn with, and the predicted rewards have not seen the choice's own grade ({@link
 * dev.turnout.belief.CrossFit}). Then each term of the difference has the true difference as its
 * expectation (Dudik, Langford and Li 2011), the terms are paired, so that where both policies
 * agree nothing but the log's noise is left, and one look is taken at one log. Who looks again and
 * again needs {@link LiveComparison}.
 *
 * <p>An interval says nothing where hardly any grade speaks for the candidate: few terms of great
 * weight look as calm as no difference at all. Hence the least effective sample size, Student's t
 * instead of the normal ({@link Estimator}), and the least number of graded choices that only the
 * candidate favours. Where the two policies hardly differ, no grades are needed: rewards of 0..1
 * bound the difference by the share of unlike choices. Where they do not differ at all there is
 * nothing to promote.
 */
public final class PromotionGate {
  /** With fewer, the spread of the grades says nothing about the error of their mean. */
  private static final int FEWEST_DISPUTED = 5;

  private final GateSettings settings;

  public PromotionGate(GateSettings settings) {
    this.settings = settings;
  }

  /**
   * Judges a candidate.
   *
   * @param log held-out choices, later than everything the candidate was trained on
   * @param candidate the candidate's propensities, {@code double[log.size()][llms]}
   * @param serving the serving model's propensities, {@code double[log.size()][llms]}
   * @return the verdict with every estimate it rests on
   */
  public Verdict judge(List<LoggedChoice> log, double[][] candidate, double[][] serving) {
    // a one-sided bound at c is the lower end of the two-sided interval at 2c - 1
    double twoSided = 2 * settings.confidence() - 1;
    Map<Estimator, Estimate> difference = new EnumMap<>(Estimator.class);
    for (Estimator estimator : Estimator.values()) {
      difference.put(estimator, estimator.difference(log, candidate, serving, twoSided));
    }
    Estimate own = Estimator.DR.estimate(log, candidate, twoSided);
    Estimate others = Estimator.DR.estimate(log, serving, twoSided);
    Estimate decisive = Estimator.DR.difference(log, candidate, serving, twoSided);
    String lack = lack(log, candidate, serving, own);
    if (lack != null) {
      return new Verdict(false, lack, own, others, difference);
    }
    boolean promote = decisive.lower() > settings.margin();
    String reason =
        String.format(
            Locale.ROOT,
            "difference %+.4f, lower bound %+.4f at %.0f %% confidence is %s the margin %+.4f",
            decisive.value(),
            decisive.lower(),
            100 * settings.confidence(),
            promote ? "above" : "not above",
            settings.margin());
    return new Verdict(promote, reason, own, others, difference);
  }

  /** What the log lacks to say anything about the candidate; null when it can. */
  private @Nullable String lack(
      List<LoggedChoice> log, double[][] candidate, double[][] serving, Estimate own) {
    if (log.size() < settings.minSamples()) {
      return String.format(
          Locale.ROOT,
          "only %d held-out samples, %d are needed",
          log.size(),
          settings.minSamples());
    }
    if (own.effectiveSampleSize() < settings.minEffectiveSamples()) {
      return String.format(
          Locale.ROOT,
          "effective sample size %.0f is below %.0f: the log says too little about the"
              + " candidate's choices, more exploration is needed",
          own.effectiveSampleSize(),
          settings.minEffectiveSamples());
    }
    int disputed = 0;
    double apart = 0;
    for (int i = 0; i < candidate.length; i++) {
      int llm = log.get(i).llm();
      disputed += candidate[i][llm] > serving[i][llm] ? 1 : 0;
      for (int a = 0; a < candidate[i].length; a++) {
        apart += Math.max(0, candidate[i][a] - serving[i][a]) / candidate.length;
      }
    }
    if (apart == 0) {
      return String.format(
          Locale.ROOT,
          "it chooses as the serving model does on all %d held-out samples, so nothing would change",
          log.size());
    }
    // rewards are 0..1: two policies cannot differ by more than the share of unlike choices
    if (disputed < FEWEST_DISPUTED && -apart <= settings.margin()) {
      return String.format(
          Locale.ROOT,
          "only %d graded choices of the candidate's where it differs from the serving model, %d"
              + " are needed: more exploration is needed",
          disputed,
          FEWEST_DISPUTED);
    }
    return null;
  }
}
