package dev.turnout.offpolicy.savings;

import dev.turnout.offpolicy.Estimate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The best that could be had for what routing costs by drawing between two LLMs whatever the query.
 * It is the highest of several estimates, so it flatters the draw, never the routing.
 *
 * @param cheaper the LLM drawn with probability one minus share
 * @param dearer the LLM drawn with probability share; the same as cheaper where routing costs more
 *     than the best LLM
 * @param share probability of the dearer, 0..1
 * @param reward mean reward of that draw
 * @param gainedReward how much more reward a routed query earns
 */
public record EqualCost(
    String cheaper, String dearer, double share, double reward, Estimate gainedReward) {
  /** Fewer answers of an LLM place it nowhere on the curve of quality and cost. */
  private static final double FEW = 20;

  /** The best draw among some LLMs; null when none costs as little as routing. */
  static @Nullable EqualCost of(Scope all, List<Alternative> llms) {
    double n = all.choices();
    double cost = all.routed(Blend.COST) / n;
    EqualCost best = null;
    List<Alternative> known =
        llms.stream().filter(each -> each.reward().effectiveSampleSize() >= FEW).toList();
    for (Alternative low : known) {
      for (Alternative high : known) {
        double from = low.costUsd().value() / n;
        double to = high.costUsd().value() / n;
        // one LLM alone is a draw too: what it saves beyond that buys nothing
        boolean alone = low.name().equals(high.name()) && from <= cost;
        if (alone || (from <= cost && cost < to)) {
          double share = alone ? 0 : (cost - from) / (to - from);
          double slope = alone ? 0 : (high.reward().value() - low.reward().value()) / (to - from);
          double reward = share * high.reward().value() + (1 - share) * low.reward().value();
          if (best == null || reward > best.reward()) {
            best = draw(all, low.name(), high.name(), share, slope, reward);
          }
        }
      }
    }
    return best;
  }

  private static EqualCost draw(
      Scope all, String low, String high, double share, double slope, double reward) {
    double n = all.choices();
    // the share follows the costs, so an error of these is worth the slope in reward
    Blend blend = new Blend(1, -slope);
    double variance =
        share * share * all.variance(high, blend, false)
            + (1 - share) * (1 - share) * all.variance(low, blend, false);
    return new EqualCost(
        low,
        high,
        share,
        reward,
        all.interval(
            all.routed(Blend.REWARD) - n * reward,
            variance,
            n,
            Math.min(all.degrees(low), all.degrees(high)),
            Math.min(all.effective(low), all.effective(high)),
            Savings.CONFIDENCE,
            all.answers(low) + (low.equals(high) ? 0 : all.answers(high))));
  }
}
