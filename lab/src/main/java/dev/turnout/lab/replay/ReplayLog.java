package dev.turnout.lab.replay;

import java.util.Arrays;

/** What was decided and earned at every position of a stream. Safe for use by several threads. */
public final class ReplayLog {
  private final int[] chosen;
  private final double[] rewards;
  private final double[] propensities;
  private int decided;

  public ReplayLog(int length) {
    this.chosen = new int[length];
    this.rewards = new double[length];
    this.propensities = new double[length];
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
