package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Accuracy of each task and their average.
 *
 * @param tasks task to mean reward of its queries in percent, in order of appearance
 * @param average mean over the tasks in percent, every task counting alike; NaN without tasks
 */
public record TaskAccuracies(Map<String, Double> tasks, double average) {

  /**
   * Averages rewards within tasks, then over tasks.
   *
   * @param rewards what the router earned on each query, 0..1; NaN (the chosen LLM is not graded)
   *     does not count
   */
  public static TaskAccuracies of(EncodedQueries queries, double[] rewards) {
    List<String> names = queries.tasks();
    int[] task = queries.taskIndices();
    double[] sums = new double[names.size()];
    int[] counts = new int[names.size()];
    for (int i = 0; i < rewards.length; i++) {
      if (!Double.isNaN(rewards[i])) {
        sums[task[i]] += rewards[i];
        counts[task[i]]++;
      }
    }
    Map<String, Double> tasks = new LinkedHashMap<>();
    for (int k = 0; k < names.size(); k++) {
      if (counts[k] > 0) {
        tasks.put(names.get(k), 100 * sums[k] / counts[k]);
      }
    }
    return new TaskAccuracies(
        tasks, tasks.values().stream().mapToDouble(d -> d).average().orElse(Double.NaN));
  }
}
