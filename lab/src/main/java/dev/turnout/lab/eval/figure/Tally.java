package dev.turnout.lab.eval.figure;

/**
 * Sums over the choices of one router with one weight of cost. A choice that nobody graded counts
 * neither in quality nor in cost.
 */
public final class Tally {
  private final double[] rewards;
  private final double[] costs;
  private final int[] task;
  private final int tasks;

  /** Choices, {@code int[queries]}. */
  public Tally(Judged judged, int[] chosen) {
    this.rewards = new double[chosen.length];
    this.costs = new double[chosen.length];
    this.task = judged.task();
    int most = 0;
    for (int i = 0; i < chosen.length; i++) {
      rewards[i] = judged.rewards()[i][chosen[i]];
      costs[i] = judged.costed() ? judged.costs()[i][chosen[i]] : 0;
      most = Math.max(most, task[i] + 1);
    }
    this.tasks = most;
  }

  /**
   * Quality and cost.
   *
   * @param taskAverage mean over the tasks of the mean reward, percent
   * @param pooled mean reward, percent
   * @param cost mean cost
   * @param coverage share of the choices that are graded
   */
  public record Totals(double taskAverage, double pooled, double cost, double coverage) {}

  /** Of the queries as often as they are drawn. */
  public Totals of(int[] drawn) {
    double[] sums = new double[tasks];
    double[] counts = new double[tasks];
    double cost = 0;
    double all = 0;
    for (int i = 0; i < rewards.length; i++) {
      all += drawn[i];
      if (drawn[i] > 0 && !Double.isNaN(rewards[i])) {
        sums[task[i]] += drawn[i] * rewards[i];
        counts[task[i]] += drawn[i];
        cost += drawn[i] * costs[i];
      }
    }
    double average = 0;
    double reward = 0;
    double graded = 0;
    int seen = 0;
    for (int k = 0; k < sums.length; k++) {
      if (counts[k] > 0) {
        average += sums[k] / counts[k];
        reward += sums[k];
        graded += counts[k];
        seen++;
      }
    }
    return new Totals(
        100 * average / seen, 100 * reward / graded, cost / graded, graded / Math.max(1, all));
  }
}
