package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The best LLM of each task in hindsight: what knowing the task alone could give. */
public final class BestPerTask implements Baseline {
  @Override
  public String name() {
    return "best_per_task";
  }

  @Override
  public String description() {
    return "the best LLM of each task in hindsight (bound for routing by task)";
  }

  @Override
  public boolean hindsight() {
    return true;
  }

  @Override
  public FittedBaseline fit(EncodedQueries train, long seed) {
    return queries -> {
      float[][] rewards = queries.rewards();
      int[] task = queries.taskIndices();
      double[] unknown = new double[queries.llms().size()];
      Arrays.fill(unknown, Double.NaN);
      double[][] means =
          IntStream.range(0, queries.tasks().size())
              .mapToObj(
                  wanted ->
                      IntStream.range(0, task.length).filter(i -> task[i] == wanted).toArray())
              .map(members -> Rewards.means(rewards, members, unknown, 0))
              .toArray(double[][]::new);
      return Arrays.stream(task).mapToObj(index -> means[index].clone()).toArray(double[][]::new);
    };
  }
}
