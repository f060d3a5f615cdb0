package dev.turnout.lab.replay.result;

import dev.turnout.lab.replay.ReplayTruth;
import dev.turnout.lab.simulation.SimulatedQuery;
import java.util.Arrays;

/**
 * What other ways of choosing would have earned at every position of a stream.
 *
 * @param single the LLM that is best over all of the stream
 * @param perTask the best LLM for each task
 * @param random any LLM that is there, in the mean
 * @param oracle the best LLM for each query
 */
public record BaselineRewards(double[] single, double[] perTask, double[] random, double[] oracle) {

  public static BaselineRewards of(ReplayTruth truth) {
    int length = truth.length();
    int best = truth.bestSingle();
    int[] bestByTask = bestByTask(truth);
    double[] single = new double[length];
    double[] perTask = new double[length];
    double[] random = new double[length];
    double[] oracle = new double[length];
    for (int i = 0; i < length; i++) {
      single[i] = truth.sum(best, i, i + 1);
      perTask[i] = truth.sum(bestByTask[truth.task(i)], i, i + 1);
      random[i] = Arrays.stream(truth.rewards(i)).average().orElse(0);
      oracle[i] = Arrays.stream(truth.rewards(i)).max().orElse(0);
    }
    return new BaselineRewards(single, perTask, random, oracle);
  }

  private static int[] bestByTask(ReplayTruth truth) {
    int tasks = 1 + truth.stream().stream().mapToInt(SimulatedQuery::task).max().orElse(0);
    double[][] sums = new double[tasks][truth.llms()];
    for (int i = 0; i < truth.length(); i++) {
      for (int a = 0; a < truth.llms(); a++) {
        sums[truth.task(i)][a] += truth.sum(a, i, i + 1);
      }
    }
    int[] best = new int[tasks];
    for (int t = 0; t < tasks; t++) {
      for (int a = 1; a < truth.llms(); a++) {
        best[t] = sums[t][a] > sums[t][best[t]] ? a : best[t];
      }
    }
    return best;
  }
}
