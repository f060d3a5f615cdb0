package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Mean reward of each LLM on the training queries of a query's task. It reads the task's label,
 * which a router does not have; a task that was not trained on takes the means over all.
 */
public final class TaskMeans {
  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "task_means",
          "mean reward of each LLM on the training queries of the task (knows the label)",
          (train, seed) -> fit(train));

  private TaskMeans() {}

  private static FittedBaseline fit(EncodedQueries train) {
    double[] overall = Rewards.taskMeans(train);
    List<String> tasks = train.tasks();
    int[] task = train.taskIndices();
    float[][] rewards = train.rewards();
    Map<String, double[]> means = new HashMap<>();
    for (int k = 0; k < tasks.size(); k++) {
      int wanted = k;
      int[] members = IntStream.range(0, task.length).filter(i -> task[i] == wanted).toArray();
      means.put(tasks.get(k), Rewards.means(rewards, members, overall, 1));
    }
    return queries ->
        queries.queries().stream()
            .map(query -> means.getOrDefault(query.dataset(), overall).clone())
            .toArray(double[][]::new);
  }
}
