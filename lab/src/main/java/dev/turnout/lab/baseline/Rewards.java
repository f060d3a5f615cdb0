package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;

/** Sums over rewards with gaps. */
public final class Rewards {
  private Rewards() {}

  /** Index of the highest score, the first on ties; NaN never wins over a number. */
  public static int best(double[] scores) {
    int best = 0;
    for (int t = 1; t < scores.length; t++) {
      if (scores[t] > scores[best] || (Double.isNaN(scores[best]) && !Double.isNaN(scores[t]))) {
        best = t;
      }
    }
    return best;
  }

  /** Certain choices: the highest score of each row, the first on ties. */
  public static double[][] choices(double[][] scores) {
    double[][] propensities = new double[scores.length][];
    for (int i = 0; i < scores.length; i++) {
      propensities[i] = new double[scores[i].length];
      propensities[i][best(scores[i])] = 1;
    }
    return propensities;
  }

  /** Mean reward of each LLM: over its graded queries within a task, then over the tasks. */
  public static double[] taskMeans(EncodedQueries train) {
    float[][] rewards = train.rewards();
    int[] task = train.taskIndices();
    int tasks = train.tasks().size();
    double[] means = new double[train.llms().size()];
    for (int t = 0; t < means.length; t++) {
      double[] sum = new double[tasks];
      int[] count = new int[tasks];
      for (int i = 0; i < rewards.length; i++) {
        if (!Float.isNaN(rewards[i][t])) {
          sum[task[i]] += rewards[i][t];
          count[task[i]]++;
        }
      }
      means[t] = meanOfMeans(sum, count);
    }
    return means;
  }

  /**
   * Mean reward of each LLM over some queries, drawn towards a prior.
   *
   * @param members positions in the rewards
   * @param prior mean reward expected of each LLM
   * @param strength how many queries the prior is worth, >= 0
   */
  public static double[] means(float[][] rewards, int[] members, double[] prior, double strength) {
    double[] means = new double[prior.length];
    for (int t = 0; t < means.length; t++) {
      double known = Double.isNaN(prior[t]) ? 0 : prior[t];
      double sum = strength * known;
      double count = strength;
      for (int member : members) {
        if (!Float.isNaN(rewards[member][t])) {
          sum += rewards[member][t];
          count++;
        }
      }
      means[t] = count == 0 ? known : sum / count;
    }
    return means;
  }

  /** Average over tasks of the mean reward when the best score is followed; 0..1. */
  public static double followed(EncodedQueries queries, double[][] scores) {
    int[] task = queries.taskIndices();
    int tasks = queries.tasks().size();
    double[] sum = new double[tasks];
    int[] count = new int[tasks];
    for (int i = 0; i < scores.length; i++) {
      double reward = queries.queries().get(i).rewards()[best(scores[i])];
      if (!Double.isNaN(reward)) {
        sum[task[i]] += reward;
        count[task[i]]++;
      }
    }
    return meanOfMeans(sum, count);
  }

  private static double meanOfMeans(double[] sum, int[] count) {
    double total = 0;
    int graded = 0;
    for (int k = 0; k < sum.length; k++) {
      if (count[k] > 0) {
        total += sum[k] / count[k];
        graded++;
      }
    }
    return graded == 0 ? Double.NaN : total / graded;
  }
}
