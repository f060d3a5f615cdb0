package dev.turnout.lab.bench.route;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code bench route} found. Rates are medians over the rounds.
 *
 * @param efficiency the smallest efficiency of all cases
 * @param cases one entry per encoder and guarantee
 * @param rounds interleaved rounds measured
 * @param processors processors available to the process
 */
public record RouteMeasurement(
    @JsonProperty("efficiency") double efficiency,
    @JsonProperty("cases") List<Case> cases,
    @JsonProperty("rounds") int rounds,
    @JsonProperty("processors") int processors) {

  /**
   * One encoder under one guarantee.
   *
   * @param encoder kind of the encoder
   * @param guarantee processing guarantee
   * @param efficiency routed rate ÷ 1/(1/pass-through rate + 1/encoder rate): 1 means that routing
   *     costs nothing beyond moving the records and encoding them
   * @param routedPerSecond queries routed in a second
   * @param passThroughPerSecond queries a second through a topology with the same serdes and
   *     outputs that decides nothing
   * @param encodedPerSecond queries a second of the encoder alone, in the same batches
   * @param routedCpuMicros processor time of the whole process, broker included, for a routed query
   * @param passThroughCpuMicros the same for a query passed through
   * @param encodedCpuMicros the same for a query encoded
   * @param pollRecords queries encoded at once
   * @param queries queries drained in a round
   * @param latency latency at a steady pace
   */
  public record Case(
      @JsonProperty("encoder") String encoder,
      @JsonProperty("guarantee") String guarantee,
      @JsonProperty("efficiency") double efficiency,
      @JsonProperty("routed_per_second") double routedPerSecond,
      @JsonProperty("pass_through_per_second") double passThroughPerSecond,
      @JsonProperty("encoded_per_second") double encodedPerSecond,
      @JsonProperty("routed_cpu_micros") double routedCpuMicros,
      @JsonProperty("pass_through_cpu_micros") double passThroughCpuMicros,
      @JsonProperty("encoded_cpu_micros") double encodedCpuMicros,
      @JsonProperty("poll_records") int pollRecords,
      @JsonProperty("queries") int queries,
      @JsonProperty("latency") Latency latency) {

    String label() {
      return encoder + ", " + guarantee.replace('_', ' ');
    }
  }

  /**
   * From a query's send to its decision in the hands of a read_committed consumer, in milliseconds.
   *
   * @param pacePerSecond queries sent in a second
   * @param p50 median through the router
   * @param p99 99th percentile through the router
   * @param passThroughP50 median through the pass-through topology, at the same pace
   * @param passThroughP99 99th percentile through the pass-through topology
   * @param addedP50 difference of the medians
   * @param addedP99 difference of the 99th percentiles
   */
  public record Latency(
      @JsonProperty("pace_per_second") double pacePerSecond,
      @JsonProperty("p50_ms") double p50,
      @JsonProperty("p99_ms") double p99,
      @JsonProperty("pass_through_p50_ms") double passThroughP50,
      @JsonProperty("pass_through_p99_ms") double passThroughP99,
      @JsonProperty("added_p50_ms") double addedP50,
      @JsonProperty("added_p99_ms") double addedP99) {}
}
