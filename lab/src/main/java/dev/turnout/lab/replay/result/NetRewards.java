package dev.turnout.lab.replay.result;

import dev.turnout.lab.replay.ReplayLog;
import dev.turnout.lab.replay.ReplayTruth;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Reward less what the answers cost: of the router, of always asking the LLM that earns most, and
 * of always asking the one that costs least.
 *
 * @param byName way of choosing to its net rewards by position, in reward
 */
public record NetRewards(Map<String, double[]> byName) {
  /** What the router earned. */
  public static final String ROUTER = "router";

  /** The LLM that earns most over all of the stream. */
  public static final String ALWAYS_BEST = "always_best";

  /** The LLM that costs least over all of the stream. */
  public static final String ALWAYS_CHEAPEST = "always_cheapest";

  private static final int TENTHS = 10;
  private static final double CENTS = 100;

  static Optional<NetRewards> of(ReplayTruth truth, ReplayLog log, double costWeight) {
    double[] costs = new double[truth.llms()];
    for (int i = 0; i < truth.length(); i++) {
      for (int a = 0; a < costs.length; a++) {
        costs[a] += truth.costUsd(i, a);
      }
    }
    if (Arrays.stream(costs).anyMatch(Double::isNaN)) {
      return Optional.empty();
    }
    int best = truth.bestSingle();
    int cheapest =
        IntStream.range(0, costs.length).reduce(0, (a, b) -> costs[b] < costs[a] ? b : a);
    Map<String, double[]> net = new LinkedHashMap<>();
    net.put(ROUTER, each(truth, costWeight, log::chosen));
    net.put(ALWAYS_BEST, each(truth, costWeight, i -> best));
    net.put(ALWAYS_CHEAPEST, each(truth, costWeight, i -> cheapest));
    return Optional.of(new NetRewards(net));
  }

  private static double[] each(ReplayTruth truth, double costWeight, IntUnaryOperator choice) {
    double[] net = new double[truth.length()];
    for (int i = 0; i < net.length; i++) {
      int llm = choice.applyAsInt(i);
      net[i] = llm < 0 ? 0 : truth.sum(llm, i, i + 1) - costWeight * CENTS * truth.costUsd(i, llm);
    }
    return net;
  }

  /** Means over the stream, in reward. */
  public Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    byName.forEach((name, net) -> means.put(name, mean(net, 0, net.length)));
    return means;
  }

  /** Means over every tenth of the stream, in percent. */
  Map<String, List<Double>> tenthsPercent() {
    Map<String, List<Double>> tenths = new LinkedHashMap<>();
    byName.forEach(
        (name, net) ->
            tenths.put(
                name,
                IntStream.range(0, TENTHS)
                    .mapToObj(
                        t ->
                            100 * mean(net, t * net.length / TENTHS, (t + 1) * net.length / TENTHS))
                    .toList()));
    return tenths;
  }

  private static double mean(double[] net, int from, int to) {
    return Arrays.stream(net, from, to).average().orElse(Double.NaN);
  }
}
