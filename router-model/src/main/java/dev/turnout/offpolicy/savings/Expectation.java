package dev.turnout.offpolicy.savings;

import java.util.HashMap;
import java.util.Map;

/**
 * What each LLM's answers are expected to earn and cost in a part of the traffic, and how far they
 * lie from that. A part with few answers of an LLM takes over what the whole knows of it, moved by
 * how difficult and how dear the part's queries were for the LLMs that did answer.
 */
final class Expectation {
  /** Answers of the part that count as much as all that the whole knows. */
  private static final double PRIOR = 10;

  /**
   * Answers of the part that say as much of the spread as all others do: costs are skewed, so that
   * a few tens of answers mostly lack the dear ones, and their spread is too small just where their
   * sum is.
   */
  private static final double PRIOR_SPREAD = 50;

  /** Of grades that are mere chance and costs as wide as their mean; so many answers outdo it. */
  private static final Spread UNKNOWN = new Spread(0.25, 0, 1);

  private static final double UNKNOWN_COUNTS = 2;

  private final Map<String, Prediction> predicted = new HashMap<>();
  private final Map<String, Spread> spread = new HashMap<>();

  private Expectation() {}

  /** What a whole traffic says of each LLM. */
  static Expectation ofAll(Stratum all) {
    Expectation expectation = new Expectation();
    Prediction mean =
        all.choices() == 0
            ? new Prediction(0, 0)
            : new Prediction(
                all.routed(Blend.REWARD) / all.choices(), all.routed(Blend.COST) / all.choices());
    Spread pooled = UNKNOWN;
    double degrees = UNKNOWN_COUNTS;
    for (Map.Entry<String, LlmSums> each : all.llms().entrySet()) {
      WeightedSums answered = each.getValue().answered();
      Prediction own = answered.mean(mean);
      expectation.predicted.put(each.getKey(), own);
      pooled = pooled.mean(degrees, answered.spread(own), answered.degrees());
      degrees += answered.degrees();
    }
    for (Map.Entry<String, LlmSums> each : all.llms().entrySet()) {
      WeightedSums answered = each.getValue().answered();
      Prediction own = expectation.predicted(each.getKey());
      expectation.spread.put(
          each.getKey(),
          corrected(answered, own, 1).mean(answered.degrees(), pooled, PRIOR_SPREAD));
    }
    return expectation;
  }

  /** What a part of that traffic says beyond it. */
  Expectation within(Stratum part) {
    double expectedReward = 0;
    double expectedCost = 0;
    for (Map.Entry<String, LlmSums> each : part.llms().entrySet()) {
      long answers = each.getValue().answered().answers();
      expectedReward += answers * predicted(each.getKey()).reward();
      expectedCost += answers * predicted(each.getKey()).costUsd();
    }
    double n = Math.max(1, part.choices());
    double easier = (part.routed(Blend.REWARD) - expectedReward) / (n + PRIOR);
    double few = PRIOR * expectedCost / n;
    double dearer = expectedCost > 0 ? (part.routed(Blend.COST) + few) / (expectedCost + few) : 1;
    Expectation own = new Expectation();
    for (Map.Entry<String, LlmSums> each : part.llms().entrySet()) {
      String llm = each.getKey();
      WeightedSums answered = each.getValue().answered();
      Prediction prior =
          new Prediction(
              Math.max(0, Math.min(1, predicted(llm).reward() + easier)),
              predicted(llm).costUsd() * dearer);
      Prediction mean = answered.mean(prior);
      double share = answered.effective() / (answered.effective() + PRIOR);
      Prediction blended =
          new Prediction(
              share * mean.reward() + (1 - share) * prior.reward(),
              share * mean.costUsd() + (1 - share) * prior.costUsd());
      own.predicted.put(llm, blended);
      own.spread.put(
          llm,
          corrected(answered, blended, PRIOR).mean(answered.degrees(), spread(llm), PRIOR_SPREAD));
    }
    return own;
  }

  /** Squared residuals as they would be had the answers not helped to predict themselves. */
  private static Spread corrected(WeightedSums answered, Prediction predicted, double prior) {
    Spread spread = answered.spread(predicted);
    double own = 1 / (1 - 1 / (answered.effective() + prior + 1));
    double factor = own * own;
    return new Spread(
        factor * spread.rewardSquared(), factor * spread.product(), factor * spread.costSquared());
  }

  Prediction predicted(String llm) {
    return predicted.getOrDefault(llm, new Prediction(0, 0));
  }

  Spread spread(String llm) {
    return spread.getOrDefault(llm, Spread.NONE);
  }

  /** What an answer is expected to earn, 0..1, and to cost in USD. */
  record Prediction(double reward, double costUsd) {}
}
