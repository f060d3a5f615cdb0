package dev.turnout.offpolicy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.offpolicy.savings.ParetoCurve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParetoCurveTest {
  private static final List<String> LLMS = List.of("small", "large", "huge");
  private static final double[] USD = {0.001, 0.004, 0.02};

  @Test
  void shouldCoverWhatEachWeightWouldHaveEarnedAndCost() {
    // given traffic with answers known of all, of which one a query is shown
    List<Double> weights = List.of(0.0, 0.1, 0.3, 1.0, 10.0);
    int streams = 100;
    int rewards = 0;
    int costs = 0;
    for (int seed = 0; seed < streams; seed++) {
      Random random = new Random(seed);
      List<ScoredChoice> shown = new ArrayList<>();
      double[] reward = new double[weights.size()];
      double[] cost = new double[weights.size()];
      for (int i = 0; i < 1_000; i++) {
        double[] success = new double[3];
        double[] earned = new double[3];
        double[] paid = new double[3];
        double length = Math.exp(0.6 * random.nextGaussian());
        for (int a = 0; a < 3; a++) {
          success[a] = Math.min(1, 0.3 + 0.2 * a + 0.3 * random.nextDouble());
          earned[a] = random.nextDouble() < success[a] ? 1 : 0;
          paid[a] = USD[a] * length;
        }
        double[] propensities = {0.2, 0.7, 0.1};
        double point = random.nextDouble();
        int llm = point < 0.2 ? 0 : point < 0.9 ? 1 : 2;
        ScoredChoice choice =
            new ScoredChoice(
                new PricedChoice("a", i % 4, LLMS, propensities, llm, earned[llm], paid[llm]),
                success,
                USD);
        shown.add(choice);
        for (int w = 0; w < reward.length; w++) {
          reward[w] += earned[choice.best(weights.get(w))] / 1_000;
          cost[w] += paid[choice.best(weights.get(w))] / 1_000;
        }
      }

      // when
      List<Point> curve = ParetoCurve.of(shown, weights);

      // then
      for (int w = 0; w < reward.length; w++) {
        rewards += curve.get(w).reward().covers(reward[w]) ? 1 : 0;
        costs += curve.get(w).costUsd().covers(cost[w]) ? 1 : 0;
      }
    }
    assertThat(rewards / 5.0 / streams).isGreaterThan(0.92);
    assertThat(costs / 5.0 / streams).isGreaterThan(0.92);
  }

  @Test
  void shouldChooseNoLlmThatCouldNotBeAndTakeUnknownCostsForHigh() {
    // given the best barred and a cost that nobody knows
    ScoredChoice choice =
        new ScoredChoice(
            new PricedChoice("a", 0, LLMS, new double[] {0.5, 0.5, 0}, 0, 1, 0.001),
            new double[] {0.5, 0.6, 1},
            new double[] {0.001, Double.NaN, 0.02});

    // when
    Point point = ParetoCurve.of(List.of(choice), List.of(0.0)).get(0);

    // then
    assertThat(point.shares()).containsOnlyKeys("large");
    assertThat(point.shares().get("large")).isCloseTo(1, within(1e-12));
    assertThat(point.reward().upper()).isGreaterThan(point.reward().lower());
  }
}
