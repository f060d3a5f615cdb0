package dev.turnout.lab.replay;

import dev.turnout.lab.simulation.SimulatedQuery;
import java.util.Arrays;
import java.util.List;

/**
 * What every LLM would have earned at every position of a stream, with what changes half-way: an
 * LLM that degrades to a fifth of its reward, or one that is not there before.
 *
 * @param degraded LLM that degrades; -1 for none
 * @param late LLM that appears; -1 for none
 */
public record ReplayTruth(List<SimulatedQuery> stream, int degraded, int late) {
  private static final double LEFT_OF_A_REWARD = 0.2;

  public int length() {
    return stream.size();
  }

  public int llms() {
    return stream.get(0).rewards().length;
  }

  public int task(int position) {
    return stream.get(position).task();
  }

  /** Reward of an LLM; NaN while it is not there. */
  public double reward(int position, int llm) {
    boolean changed = position >= stream.size() / 2;
    if (llm == late && !changed) {
      return Double.NaN;
    }
    double full = stream.get(position).rewards()[llm];
    return llm == degraded && changed ? LEFT_OF_A_REWARD * full : full;
  }

  /** Cost of an LLM's answer in USD; NaN when unknown. */
  public double costUsd(int position, int llm) {
    return stream.get(position).costsUsd()[llm];
  }

  /** The rewards of the LLMs that are there. */
  public double[] rewards(int position) {
    double[] rewards = new double[llms()];
    for (int a = 0; a < rewards.length; a++) {
      rewards[a] = reward(position, a);
    }
    return Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).toArray();
  }

  /** Sum of an LLM's rewards over some positions; it earns nothing while it is not there. */
  public double sum(int llm, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double reward = reward(i, llm);
      sum += Double.isNaN(reward) ? 0 : reward;
    }
    return sum;
  }

  /** The LLM that earns most over all positions. */
  public int bestSingle() {
    int best = 0;
    for (int a = 1; a < llms(); a++) {
      best = sum(a, 0, length()) > sum(best, 0, length()) ? a : best;
    }
    return best;
  }

  /** Sum of each LLM's rewards over some positions of each task, {@code double[tasks][llms]}. */
  public double[][] sumsByTask(int from, int to) {
    int tasks = 1 + stream.stream().mapToInt(SimulatedQuery::task).max().orElse(0);
    double[][] sums = new double[tasks][llms()];
    for (int i = from; i < to; i++) {
      for (int a = 0; a < llms(); a++) {
        sums[task(i)][a] += sum(a, i, i + 1);
      }
    }
    return sums;
  }

  /** Share of the positions from one to another whose task an LLM serves best there. */
  public double shareOfTasks(int llm, int from, int to) {
    double[][] sums = sumsByTask(from, to);
    double count = 0;
    for (int i = from; i < to; i++) {
      double[] ofTask = sums[task(i)];
      count += ofTask[llm] == Arrays.stream(ofTask).max().orElse(0) ? 1 : 0;
    }
    return count / Math.max(1, to - from);
  }
}
