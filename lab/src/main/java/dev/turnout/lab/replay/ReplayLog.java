package dev.turnout.lab.replay;

import java.util.Arrays;

/** What was decided and earned at every position of a stream. Safe for use by several threads. */
public final class ReplayLog {
  private final int[] chosen;
  private final double[] rewards;
  private final double[] propensities;
  private final double[] predicted;
  private final double[] expectedUsd;
  private int decided;

  public ReplayLog(int length) {
    this.chosen = new int[length];
    this.rewards = new double[length];
    this.propensities = new double[length];
    this.predicted = new double[length];
    this.expectedUsd = new double[length];
    Arrays.fill(expectedUsd, Double.NaN);
    Arrays.fill(predicted, Double.NaN);
    Arrays.fill(chosen, -1);
  }

  /** Notes a decision; false when the position already has one. */
  public synchronized boolean decide(int position, int llm, double reward, double propensity) {
    if (chosen[position] >= 0) {
      return false;
    }
    chosen[position] = llm;
    rewards[position] = reward;
    propensities[position] = propensity;
    decided++;
    return true;
  }

  /** Notes the success that the decision predicted for the LLM it chose, 0..1. */
  public synchronized void predict(int position, double success) {
    predicted[position] = success;
  }

  /**
   * Mean cross-entropy of the predicted success and the reward from one position to another; NaN
   * when nothing was predicted.
   */
  public synchronized double logLoss(int from, int to) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      if (!Double.isNaN(predicted[i])) {
        double success = Math.max(1e-3, Math.min(1 - 1e-3, predicted[i]));
        sum -= rewards[i] * Math.log(success) + (1 - rewards[i]) * Math.log(1 - success);
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** Notes the cost in USD that the decision expected of the LLM it chose. */
  public synchronized void expect(int position, double costUsd) {
    expectedUsd[position] = costUsd;
  }

  /**
   * Sum of the absolute differences of expected costs and real ones from one position to another,
   * by the sum of the real ones; NaN when nothing was expected.
   */
  public synchronized double costError(ReplayTruth truth, int from, int to) {
    double off = 0;
    double sum = 0;
    for (int i = from; i < to; i++) {
      double cost = chosen[i] < 0 ? Double.NaN : truth.costUsd(i, chosen[i]);
      if (!Double.isNaN(cost) && !Double.isNaN(expectedUsd[i])) {
        off += Math.abs(expectedUsd[i] - cost);
        sum += cost;
      }
    }
    return sum > 0 ? off / sum : Double.NaN;
  }

  public synchronized int decided() {
    return decided;
  }

  public synchronized int chosen(int position) {
    return chosen[position];
  }

  public synchronized double reward(int position) {
    return rewards[position];
  }

  public synchronized double propensity(int position) {
    return propensities[position];
  }

  public synchronized double[] rewards() {
    return rewards.clone();
  }

  /** Share of an LLM among the decisions from one position to another. */
  public synchronized double share(int llm, int from, int to) {
    double count = 0;
    for (int i = from; i < to; i++) {
      count += chosen[i] == llm ? 1 : 0;
    }
    return count / Math.max(1, to - from);
  }

  /** The LLM with the largest share. */
  synchronized int favourite(int llms, int from, int to) {
    int favourite = 0;
    for (int a = 1; a < llms; a++) {
      favourite = share(a, from, to) > share(favourite, from, to) ? a : favourite;
    }
    return favourite;
  }
}
