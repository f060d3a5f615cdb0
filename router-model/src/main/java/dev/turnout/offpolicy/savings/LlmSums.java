package dev.turnout.offpolicy.savings;

import dev.turnout.offpolicy.savings.Expectation.Prediction;

/** What one LLM could have answered, and what it did answer, of a part of the traffic. */
final class LlmSums {
  private final WeightedSums answered = new WeightedSums();
  private long open;
  private double openReward;
  private double openCost;
  private double variance;
  private double even;
  private double evenVariance;
  private final double[] evenSums = new double[3];

  /** Takes in a choice that this LLM could have been. */
  void couldHave(PricedChoice choice, double propensity, int candidates) {
    open++;
    openReward += choice.reward();
    openCost += choice.costUsd();
    variance += 1 / propensity - 1;
    even += 1.0 / candidates;
    evenVariance += 1 / propensity / candidates / candidates;
  }

  /** Takes in an answer of this LLM. */
  void did(PricedChoice choice, int candidates) {
    double weight = 1 / choice.propensity();
    answered.add(weight, choice.reward(), choice.costUsd());
    evenSums[0] += weight / candidates;
    evenSums[1] += weight / candidates * choice.reward();
    evenSums[2] += weight / candidates * choice.costUsd();
  }

  void add(LlmSums other) {
    answered.add(other.answered);
    open += other.open;
    openReward += other.openReward;
    openCost += other.openCost;
    variance += other.variance;
    even += other.even;
    evenVariance += other.evenVariance;
    for (int i = 0; i < evenSums.length; i++) {
      evenSums[i] += other.evenSums[i];
    }
  }

  WeightedSums answered() {
    return answered;
  }

  /** Choices that it could have been. */
  long open() {
    return open;
  }

  /** What these earned or cost as they were routed. */
  double routed(Blend blend) {
    return blend.reward() * openReward + blend.cost() * openCost;
  }

  /** Variance of the estimated total of {@link #always} in squared residuals, its draws known. */
  double variance() {
    return variance;
  }

  /** Estimated total, had this LLM answered all that it could. */
  double always(Blend blend, Prediction predicted) {
    return open * blend.of(predicted) + answered.residual(blend, predicted);
  }

  /** This LLM's part of the estimated total, had each LLM been equally likely. */
  double evenly(Blend blend, Prediction predicted) {
    return even * blend.of(predicted)
        + blend.reward() * evenSums[1]
        + blend.cost() * evenSums[2]
        - blend.of(predicted) * evenSums[0];
  }

  /** Bound of the variance of {@link #evenly} in squared residuals. */
  double evenVariance() {
    return evenVariance;
  }
}
