package dev.turnout.lab.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * How long decisions take.
 *
 * @param p50Micros median in microseconds
 * @param p99Micros 99 % quantile in microseconds
 */
public record DecisionTime(
    @JsonProperty("p50") double p50Micros, @JsonProperty("p99") double p99Micros) {

  /**
   * Times score and choice of single queries, twice, of which the second round counts.
   *
   * @param count of queries
   * @param query vector of each; making it counts as well
   * @param nanoTime a clock in nanoseconds
   */
  static DecisionTime measure(
      RouterModel model, int count, IntFunction<float[]> query, LongSupplier nanoTime) {
    RouterScorer scorer = new RouterScorer(model);
    double[] micros = new double[count];
    int[] chosen = new int[model.llms().size()];
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < count; i++) {
        long start = nanoTime.getAsLong();
        chosen[Rewards.best(scorer.score(query.apply(i)).cosine())]++;
        micros[i] = (nanoTime.getAsLong() - start) / 1e3;
      }
    }
    return of(micros);
  }

  /** The quantiles of measured times in microseconds; NaN without any. */
  public static DecisionTime of(double[] micros) {
    double[] sorted = micros.clone();
    Arrays.sort(sorted);
    return new DecisionTime(quantile(sorted, 0.5), quantile(sorted, 0.99));
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
