package dev.turnout.lab.baseline;

import static dev.turnout.lab.baseline.Baseline.Trait.HINDSIGHT;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Bounds: what could be had by those who know the rewards. */
public final class Hindsight {

  /** The best LLM of each query: nothing can be better. */
  public static final Baseline ORACLE =
      new Baseline(
          "oracle",
          "the best LLM of each query in hindsight (bound)",
          (train, seed) ->
              queries ->
                  queries.queries().stream()
                      .map(QueryOutcomes::rewards)
                      .map(double[]::clone)
                      .toArray(double[][]::new),
          HINDSIGHT);

  /** The best LLM of each task: what knowing the task alone could give. */
  public static final Baseline BEST_PER_TASK =
      new Baseline(
          "best_per_task",
          "the best LLM of each task in hindsight (bound for routing by task)",
          (train, seed) -> Hindsight::taskMeans,
          HINDSIGHT);

  private Hindsight() {}

  private static double[][] taskMeans(EncodedQueries queries) {
    float[][] rewards = queries.rewards();
    int[] task = queries.taskIndices();
    double[] unknown = new double[queries.llms().size()];
    Arrays.fill(unknown, Double.NaN);
    double[][] means =
        IntStream.range(0, queries.tasks().size())
            .mapToObj(
                wanted -> IntStream.range(0, task.length).filter(i -> task[i] == wanted).toArray())
            .map(members -> Rewards.means(rewards, members, unknown, 0))
            .toArray(double[][]::new);
    return Arrays.stream(task).mapToObj(index -> means[index].clone()).toArray(double[][]::new);
  }
}
