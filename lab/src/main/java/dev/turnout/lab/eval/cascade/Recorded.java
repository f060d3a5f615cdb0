package dev.turnout.lab.eval.cascade;

import java.util.Arrays;

/**
 * Recorded queries, each graded for every LLM, with what a router predicts of them.
 *
 * @param rewards {@code double[queries][llms]}
 * @param costs {@code double[queries][llms]} in USD
 * @param success predicted success by a router that did not see the query
 * @param answers normalised, {@code String[queries][llms]}
 * @param verdicts whether a grader takes the answer for right, {@code boolean[queries][llms]}
 * @param task index of each query's task
 */
record Recorded(
    double[][] rewards,
    double[][] costs,
    double[][] success,
    String[][] answers,
    boolean[][] verdicts,
    int[] task) {

  int size() {
    return rewards.length;
  }

  int llms() {
    return rewards[0].length;
  }

  /** Some of the queries, with other predictions. */
  Recorded subset(int[] positions, double[][] predicted) {
    return new Recorded(
        Arrays.stream(positions).mapToObj(i -> rewards[i]).toArray(double[][]::new),
        Arrays.stream(positions).mapToObj(i -> costs[i]).toArray(double[][]::new),
        predicted,
        Arrays.stream(positions).mapToObj(i -> answers[i]).toArray(String[][]::new),
        Arrays.stream(positions).mapToObj(i -> verdicts[i]).toArray(boolean[][]::new),
        Arrays.stream(positions).map(i -> task[i]).toArray());
  }

  /** Mean cost of an LLM in USD. */
  double meanCost(int llm) {
    return Arrays.stream(costs).mapToDouble(row -> row[llm]).average().orElse(0);
  }

  /** Mean over the tasks of the mean reward, 0..1. */
  double quality(double[] earned) {
    int tasks = Arrays.stream(task).max().orElse(-1) + 1;
    double[] sums = new double[tasks];
    int[] counts = new int[tasks];
    for (int i = 0; i < earned.length; i++) {
      sums[task[i]] += earned[i];
      counts[task[i]]++;
    }
    double total = 0;
    int seen = 0;
    for (int k = 0; k < tasks; k++) {
      if (counts[k] > 0) {
        total += sums[k] / counts[k];
        seen++;
      }
    }
    return total / seen;
  }

  /** What one LLM earns. */
  double[] earned(int llm) {
    return Arrays.stream(rewards).mapToDouble(row -> row[llm]).toArray();
  }

  /** The LLM with the best quality. */
  int best() {
    int best = 0;
    for (int t = 1; t < llms(); t++) {
      best = quality(earned(t)) > quality(earned(best)) ? t : best;
    }
    return best;
  }
}
