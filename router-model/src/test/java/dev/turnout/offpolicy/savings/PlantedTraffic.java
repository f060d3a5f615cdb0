package dev.turnout.offpolicy.savings;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A stream of queries whose reward and cost are known for every LLM, routed by a policy that learns
 * as it goes: softly by the cells' mean rewards so far, above an exploration floor.
 */
final class PlantedTraffic {
  static final List<String> LLMS = List.of("tiny", "small", "medium", "large", "huge", "newest");

  private static final double[] SKILL = {-1.2, -0.4, 0.3, 1.0, 1.9, 0.1};
  private static final double[] PRICE = {0.1, 0.3, 1, 3, 12, 5};
  private static final int CELLS = 6;

  final RoutedTraffic traffic = new RoutedTraffic(100);
  final double[] reward = new double[LLMS.size()];
  final double[] cost = new double[LLMS.size()];
  final double[][] costOfTenant = new double[3][LLMS.size()];
  final double[] routedOfTenant = new double[3];
  double routedCost;

  /**
   * @param skew deviation of the logarithm of a query's length
   * @param floor share of even exploration
   */
  PlantedTraffic(int queries, double skew, double floor, Random random) {
    double[][] earned = new double[CELLS][LLMS.size()];
    double[][] asked = new double[CELLS][LLMS.size()];
    for (int i = 0; i < queries; i++) {
      int cell = random.nextInt(CELLS);
      int tenant = random.nextInt(6) / 3 + (random.nextInt(10) == 0 ? 1 : 0);
      double difficulty = random.nextGaussian();
      double length = Math.exp(skew * random.nextGaussian() + 0.3 * tenant);
      double[] rewards = new double[LLMS.size()];
      double[] costs = new double[LLMS.size()];
      for (int a = 0; a < LLMS.size(); a++) {
        double fit = SKILL[a] + 0.8 * Math.sin(3.1 * cell + 1.7 * a) - difficulty;
        rewards[a] = random.nextDouble() < 1 / (1 + Math.exp(-2 * fit)) ? 1 : 0;
        costs[a] = 1e-3 * PRICE[a] * length * Math.exp(0.5 * skew * random.nextGaussian());
        reward[a] += rewards[a];
        cost[a] += costs[a];
        costOfTenant[tenant][a] += costs[a];
      }
      double[] propensities = propensities(earned[cell], asked[cell], floor);
      int chosen = draw(propensities, random);
      earned[cell][chosen] += rewards[chosen];
      asked[cell][chosen]++;
      routedCost += costs[chosen];
      routedOfTenant[tenant] += costs[chosen];
      traffic.add(
          new PricedChoice(
              "tenant-" + tenant,
              cell,
              LLMS,
              propensities,
              chosen,
              rewards[chosen],
              costs[chosen]));
    }
  }

  int best() {
    int best = 0;
    for (int a = 1; a < reward.length; a++) {
      best = reward[a] > reward[best] ? a : best;
    }
    return best;
  }

  /** What routing really saved against always this LLM. */
  double saved(int llm) {
    return cost[llm] - routedCost;
  }

  double savedAtRandom() {
    return Arrays.stream(cost).sum() / cost.length - routedCost;
  }

  /** What it saved a tenant against the best single LLM. */
  double saved(String tenant) {
    int index = Integer.parseInt(tenant.substring("tenant-".length()));
    return costOfTenant[index][best()] - routedOfTenant[index];
  }

  private static double[] propensities(double[] earned, double[] asked, double floor) {
    double[] propensities = new double[earned.length];
    double sum = 0;
    for (int a = 0; a < propensities.length; a++) {
      double mean = (earned[a] + 1) / (asked[a] + 2) - 0.02 * PRICE[a];
      propensities[a] = Math.exp(12 * mean);
      sum += propensities[a];
    }
    for (int a = 0; a < propensities.length; a++) {
      propensities[a] = (1 - floor) * propensities[a] / sum + floor / propensities.length;
    }
    return propensities;
  }

  private static int draw(double[] propensities, Random random) {
    double left = random.nextDouble();
    for (int a = 0; a < propensities.length; a++) {
      left -= propensities[a];
      if (left < 0) {
        return a;
      }
    }
    return propensities.length - 1;
  }
}
