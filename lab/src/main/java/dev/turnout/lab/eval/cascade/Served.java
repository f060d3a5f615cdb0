package dev.turnout.lab.eval.cascade;

import java.util.Arrays;

/**
 * What a policy did with queries.
 *
 * @param rewards earned by each query
 * @param costs paid for each query, USD, all asked LLMs together
 * @param calls LLMs asked for each query
 */
record Served(double[] rewards, double[] costs, int[] calls) {
  static Served of(int queries) {
    return new Served(new double[queries], new double[queries], new int[queries]);
  }

  /** Notes one query. */
  void set(int query, double reward, double cost, int asked) {
    rewards[query] = reward;
    costs[query] = cost;
    calls[query] = asked;
  }

  double meanCost() {
    return Arrays.stream(costs).average().orElse(Double.NaN);
  }
}
