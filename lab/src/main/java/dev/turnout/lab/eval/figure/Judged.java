package dev.turnout.lab.eval.figure;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.lab.baseline.Rewards;
import java.util.stream.IntStream;

/**
 * Queries that routers are judged on.
 *
 * @param rewards {@code double[queries][llms]}, NaN where not graded
 * @param costs {@code double[queries][llms]}; empty when nothing is known of costs
 * @param task index of each query's task
 * @param bestSingle the LLM with the best task average
 */
public record Judged(double[][] rewards, double[][] costs, int[] task, int bestSingle) {

  /** Queries with what their answers cost. */
  public static Judged of(EncodedQueries queries, double[][] costs) {
    double[][] rewards =
        queries.queries().stream().map(QueryOutcomes::rewards).toArray(double[][]::new);
    return new Judged(
        rewards, costs, queries.taskIndices(), Rewards.best(Rewards.taskMeans(queries)));
  }

  public int size() {
    return rewards.length;
  }

  public int llms() {
    return rewards.length == 0 ? 0 : rewards[0].length;
  }

  public boolean costed() {
    return costs.length > 0;
  }

  /** Everything to one LLM. */
  int[] always(int llm) {
    return IntStream.range(0, size()).map(i -> llm).toArray();
  }

  /** Mean reward of an LLM over its grades; NaN without any. */
  public double quality(int llm) {
    return IntStream.range(0, size())
        .mapToDouble(i -> rewards[i][llm])
        .filter(reward -> !Double.isNaN(reward))
        .average()
        .orElse(Double.NaN);
  }

  /** Mean cost of an LLM. */
  public double cost(int llm) {
    return IntStream.range(0, size()).mapToDouble(i -> costs[i][llm]).average().orElse(Double.NaN);
  }
}
