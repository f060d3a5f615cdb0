package dev.turnout.lab.bench.savings;

import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.offpolicy.savings.PricedChoice;
import dev.turnout.offpolicy.savings.RoutedTraffic;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionRequest;
import dev.turnout.policy.ThompsonPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One stream of recorded queries, drawn with replacement and routed by Thompson sampling that knows
 * nothing beforehand and learns from what it is shown, by task: what is remembered of it, and what
 * every LLM would have earned and cost.
 */
final class SavingsStream {
  private static final int MOST_PARTS = 1_000;

  private final RoutedTraffic traffic = new RoutedTraffic(MOST_PARTS);
  private final double[] reward;
  private final double[] cost;
  private double routedCost;

  /**
   * Plays a stream; equal arguments give equal streams.
   *
   * @param length number of queries
   * @param costWeight what the policy holds a US cent to be worth in reward
   */
  SavingsStream(PricedQueries priced, int length, double costWeight, long seed) {
    int llms = priced.llms().size();
    reward = new double[llms];
    cost = new double[llms];
    double[][][] seen = new double[priced.tasks().size()][llms][3];
    ThompsonPolicy policy = new ThompsonPolicy();
    Random random = new Random(seed);
    for (int i = 0; i < length; i++) {
      QueryOutcomes query = priced.queries().get(random.nextInt(priced.queries().size()));
      int task = priced.tasks().indexOf(query.dataset());
      SelectionRequest request =
          new SelectionRequest(candidates(priced.llms(), seen[task]), costWeight, 0, false, true);
      Selection selection = policy.select(request, random);
      int chosen = selection.chosen();
      double earned = query.rewards()[chosen];
      double paid = query.costsUsd()[chosen];
      seen[task][chosen][0]++;
      seen[task][chosen][1] += earned;
      seen[task][chosen][2] += paid;
      routedCost += paid;
      for (int a = 0; a < llms; a++) {
        reward[a] += query.rewards()[a];
        cost[a] += query.costsUsd()[a];
      }
      traffic.add(
          new PricedChoice(
              "default", task, priced.llms(), selection.propensities(), chosen, earned, paid));
    }
  }

  private static List<Candidate> candidates(List<String> llms, double[][] seen) {
    List<Candidate> candidates = new ArrayList<>();
    for (int a = 0; a < llms.size(); a++) {
      double n = seen[a][0];
      double success = (seen[a][1] + 1) / (n + 2);
      double deviation = Math.sqrt(success * (1 - success) / (n + 3));
      double expectedCost = n == 0 ? Double.NaN : seen[a][2] / n;
      candidates.add(
          new Candidate(
              llms.get(a), 0, 0, success, deviation, Double.NaN, expectedCost, Double.NaN, null));
    }
    return candidates;
  }

  RoutedTraffic traffic() {
    return traffic;
  }

  /** What routing really saved against always this LLM. */
  double saved(int llm) {
    return cost[llm] - routedCost;
  }

  /** The LLM that really earned most. */
  int best() {
    int best = 0;
    for (int a = 1; a < reward.length; a++) {
      best = reward[a] > reward[best] ? a : best;
    }
    return best;
  }

  /** Mean reward of an LLM on the whole stream. */
  double reward(int llm) {
    return reward[llm] / traffic.choices();
  }
}
