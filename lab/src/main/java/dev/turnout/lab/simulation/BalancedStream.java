package dev.turnout.lab.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A stream of queries in which every task is equally frequent, resampled with replacement. */
public final class BalancedStream {
  private BalancedStream() {}

  /**
   * Draws a stream.
   *
   * @param queries what to draw from
   * @param length number of queries
   * @param seed equal seeds give equal streams
   */
  public static List<SimulatedQuery> of(List<SimulatedQuery> queries, int length, long seed) {
    int tasks = 1 + queries.stream().mapToInt(SimulatedQuery::task).max().orElse(0);
    List<List<SimulatedQuery>> byTask = new ArrayList<>();
    for (int t = 0; t < tasks; t++) {
      int task = t;
      List<SimulatedQuery> own = queries.stream().filter(q -> q.task() == task).toList();
      if (!own.isEmpty()) {
        byTask.add(own);
      }
    }
    Random random = new Random(seed);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      order.add(i % byTask.size());
    }
    Collections.shuffle(order, random);
    List<SimulatedQuery> stream = new ArrayList<>();
    for (int task : order) {
      List<SimulatedQuery> own = byTask.get(task);
      stream.add(own.get(random.nextInt(own.size())));
    }
    return stream;
  }

  /** Mean reward of the LLM that is best over the whole stream. */
  public static double bestSingle(List<SimulatedQuery> stream) {
    double best = 0;
    for (int a = 0; a < stream.get(0).rewards().length; a++) {
      int llm = a;
      best = Math.max(best, stream.stream().mapToDouble(q -> q.rewards()[llm]).average().orElse(0));
    }
    return best;
  }

  /** Mean over the tasks of the mean reward of a choice per query. */
  public static double balanced(List<SimulatedQuery> queries, int[] choice) {
    int tasks = 1 + queries.stream().mapToInt(SimulatedQuery::task).max().orElse(0);
    double[] sum = new double[tasks];
    int[] count = new int[tasks];
    for (int i = 0; i < choice.length; i++) {
      SimulatedQuery query = queries.get(i);
      sum[query.task()] += query.rewards()[choice[i]];
      count[query.task()]++;
    }
    double mean = 0;
    int present = 0;
    for (int t = 0; t < tasks; t++) {
      if (count[t] > 0) {
        mean += sum[t] / count[t];
        present++;
      }
    }
    return mean / present;
  }
}
