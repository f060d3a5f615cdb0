package dev.turnout.offpolicy.savings;

import dev.turnout.offpolicy.savings.Expectation.Prediction;

/** A linear combination of reward and cost. */
record Blend(double reward, double cost) {
  static final Blend REWARD = new Blend(1, 0);
  static final Blend COST = new Blend(0, 1);

  double of(Prediction predicted) {
    return reward * predicted.reward() + cost * predicted.costUsd();
  }
}
