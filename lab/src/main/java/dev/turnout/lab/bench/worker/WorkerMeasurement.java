package dev.turnout.lab.bench.worker;

import java.util.List;

/**
 * What {@code bench worker} found.
 *
 * @param utilisation the lowest of all deliveries
 * @param requests of each delivery
 * @param concurrency requests in flight
 * @param medianMillis median latency of the LLM
 * @param meanMillis mean latency of the LLM, as drawn
 */
public record WorkerMeasurement(
    double utilisation,
    int requests,
    int concurrency,
    double medianMillis,
    double meanMillis,
    List<Case> deliveries) {

  /**
   * One delivery.
   *
   * @param utilisation share of the slots' time in which they were used, from when as many calls
   *     had begun as there are slots until the last began
   * @param steadyUtilisation the same until a tenth of them was left; a member of a share group
   *     sees some of the partitions alone, so that slots stay free while the last ones run dry
   * @param requestsPerSecond begun until the last
   * @param idealPerSecond begun in that time by slots that are refilled at once, with the same
   *     latencies in the same order
   * @param rampUpSeconds from the start of the worker until as many calls had begun as there are
   *     slots
   * @param askedAgain calls beyond one a request
   */
  public record Case(
      String delivery,
      double utilisation,
      double steadyUtilisation,
      double requestsPerSecond,
      double idealPerSecond,
      double rampUpSeconds,
      int askedAgain) {}
}
