package dev.turnout.lab.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/**
 * How long decisions take.
 *
 * @param p50Micros median in microseconds
 * @param p99Micros 99 % quantile in microseconds
 */
public record DecisionTime(
    @JsonProperty("p50") double p50Micros, @JsonProperty("p99") double p99Micros) {

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
