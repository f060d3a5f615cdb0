package dev.turnout.lab.bench.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code bench gateway} found. Added times are differences of quantiles between asking through
 * the gateway and asking the simulated LLM directly, in the same run.
 *
 * @param addedP50 added median of a whole answer, at-least-once, in milliseconds
 * @param addedP99 added 99th percentile of a whole answer, at-least-once, in milliseconds
 * @param firstTokenAddedP50 added median until the first piece of a streamed answer, in
 *     milliseconds
 * @param streams streams that were open at once
 * @param errors answers of all measurements through the gateway that failed
 * @param problems what went wrong, each once
 * @param cases one entry per guarantee
 * @param perSecond questions a second
 * @param processors processors available to the process, which holds broker, router, worker,
 *     gateway, LLM and clients
 */
public record GatewayMeasurement(
    @JsonProperty("added_p50_ms") double addedP50,
    @JsonProperty("added_p99_ms") double addedP99,
    @JsonProperty("first_token_added_p50_ms") double firstTokenAddedP50,
    @JsonProperty("streams") int streams,
    @JsonProperty("errors") long errors,
    @JsonProperty("problems") List<String> problems,
    @JsonProperty("cases") List<Case> cases,
    @JsonProperty("per_second") double perSecond,
    @JsonProperty("processors") int processors) {

  /**
   * One guarantee of the router.
   *
   * @param guarantee processing guarantee
   * @param whole a whole answer
   * @param firstToken the first piece of a streamed one
   */
  public record Case(
      @JsonProperty("guarantee") String guarantee,
      @JsonProperty("whole") Times whole,
      @JsonProperty("first_token") Times firstToken) {}

  /**
   * Milliseconds through the gateway, and asking the LLM directly.
   *
   * @param p50 median through the gateway
   * @param p99 99th percentile through the gateway
   * @param directP50 median of asking directly
   * @param directP99 99th percentile of asking directly
   */
  public record Times(
      @JsonProperty("p50_ms") double p50,
      @JsonProperty("p99_ms") double p99,
      @JsonProperty("direct_p50_ms") double directP50,
      @JsonProperty("direct_p99_ms") double directP99) {

    double addedP50() {
      return p50 - directP50;
    }

    double addedP99() {
      return p99 - directP99;
    }
  }
}
