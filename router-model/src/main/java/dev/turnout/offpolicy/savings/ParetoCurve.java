package dev.turnout.offpolicy.savings;

import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.savings.Expectation.Prediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Quality and cost of choosing by expected success less weighed cost, for several weights,
 * estimated from choices that were made otherwise. How and why is {@link Savings}': a weight is one
 * more alternative, which names an LLM for each query.
 */
public final class ParetoCurve {
  private static final double CONFIDENCE = 0.95;

  private final List<ScoredChoice> choices;
  private final Stratum whole = new Stratum();
  private final Map<Integer, Expectation> expected = new HashMap<>();

  private ParetoCurve(List<ScoredChoice> choices) {
    this.choices = choices;
    Map<Integer, Stratum> cells = new HashMap<>();
    for (ScoredChoice each : choices) {
      whole.add(each.choice());
      cells.computeIfAbsent(each.choice().cell(), unused -> new Stratum()).add(each.choice());
    }
    Expectation overall = Expectation.ofAll(whole);
    cells.forEach((cell, sums) -> expected.put(cell, overall.within(sums)));
  }

  /**
   * The curve.
   *
   * @param choices graded choices, at least one
   * @param costWeights what a US cent is worth in reward, each >= 0
   * @return a point for each weight, in the order of the weights
   */
  public static List<Point> of(List<ScoredChoice> choices, List<Double> costWeights) {
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("a curve needs at least one graded choice");
    }
    ParetoCurve curve = new ParetoCurve(choices);
    return costWeights.stream().map(curve::point).toList();
  }

  private Point point(double costWeight) {
    Map<Integer, Map<String, LlmSums>> chosen = new LinkedHashMap<>();
    Map<String, Double> shares = new TreeMap<>();
    for (ScoredChoice each : choices) {
      int llm = each.best(costWeight);
      String name = each.choice().llms().get(llm);
      LlmSums sums =
          chosen
              .computeIfAbsent(each.choice().cell(), unused -> new HashMap<>())
              .computeIfAbsent(name, unused -> new LlmSums());
      sums.couldHave(each.choice(), each.choice().propensities()[llm], 1);
      if (llm == each.choice().llm()) {
        sums.did(each.choice(), 1);
      }
      shares.merge(name, 1.0 / choices.size(), Double::sum);
    }
    return new Point(
        costWeight, estimate(chosen, Blend.REWARD), estimate(chosen, Blend.COST), shares);
  }

  private Estimate estimate(Map<Integer, Map<String, LlmSums>> chosen, Blend blend) {
    List<Double> totals = new ArrayList<>();
    double variance = 0;
    double degrees = 0;
    double effective = 0;
    long answers = 0;
    for (Map.Entry<Integer, Map<String, LlmSums>> cell : chosen.entrySet()) {
      Expectation own = Objects.requireNonNull(expected.get(cell.getKey()));
      for (Map.Entry<String, LlmSums> each : cell.getValue().entrySet()) {
        LlmSums sums = each.getValue();
        Prediction predicted = own.predicted(each.getKey());
        totals.add(sums.always(blend, predicted));
        if (sums.variance() > 0) {
          variance +=
              sums.variance() * own.spread(each.getKey()).variance(blend, predicted.costUsd());
        }
        degrees += sums.answered().degrees();
        effective += sums.answered().effective();
        answers += sums.answered().answers();
      }
    }
    double total = totals.stream().mapToDouble(Double::doubleValue).sum();
    return new Scope(whole)
        .interval(total, variance, choices.size(), degrees, effective, CONFIDENCE, answers);
  }

  /**
   * What would have happened under one cost weight.
   *
   * @param costWeight what a US cent is worth in reward
   * @param reward mean reward
   * @param costUsd mean cost of a query
   * @param shares share of the queries that each LLM would have answered, 0..1
   */
  public record Point(
      double costWeight, Estimate reward, Estimate costUsd, Map<String, Double> shares) {
    public Point {
      shares = Map.copyOf(shares);
    }
  }
}
