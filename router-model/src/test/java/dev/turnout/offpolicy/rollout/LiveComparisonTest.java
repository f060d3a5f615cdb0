package dev.turnout.offpolicy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.offpolicy.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveComparisonTest {
  private static final RollbackSettings SETTINGS = new RollbackSettings(true, 0, 0.95, 50, 1_000);
  private final LiveComparison comparison = new LiveComparison(SETTINGS);

  private static List<ServedReward> rewards(int size, double mean, Random random) {
    List<ServedReward> rewards = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rewards.add(new ServedReward("m", i, random.nextDouble() < mean ? 1 : 0, 1));
    }
    return rewards;
  }

  @Test
  void shouldSayNothingBeforeBothSidesHaveTheirGrades() {
    // when
    Estimate estimate =
        comparison.difference(rewards(49, 0, new Random(1)), rewards(900, 1, new Random(1)));

    // then
    assertThat(estimate.upper()).isInfinite();
    assertThat(comparison.difference(List.of(), List.of()).value()).isZero();
  }

  @Test
  void shouldSeeABrokenModelAtTheFewestGrades() {
    // given: a canary that is always wrong, and grades without any spread of their own
    List<ServedReward> broken = rewards(50, 0, new Random(1));

    // when
    Estimate estimate = comparison.difference(broken, rewards(450, 0.6, new Random(2)));

    // then
    assertThat(estimate.upper()).isNegative();
    assertThat(estimate.standardError()).isPositive();
  }

  @Test
  void shouldHoldAtAllLooksTogether() {
    // given equal models, looked at after every grade of the canary
    int alarms = 0;
    int fixed = 0;
    for (int world = 0; world < 200; world++) {
      Random random = new Random(world);
      List<ServedReward> canary = new ArrayList<>();
      List<ServedReward> serving = new ArrayList<>();
      boolean alarm = false;
      boolean naive = false;
      for (int i = 0; i < 600; i++) {
        canary.addAll(rewards(1, 0.6, random));
        serving.addAll(rewards(3, 0.6, random));
        if (i % 5 == 0) {
          Estimate estimate = comparison.difference(canary, serving);
          alarm |= estimate.upper() < 0;
          naive |= estimate.value() + 1.645 * estimate.standardError() < 0;
        }
      }
      alarms += alarm ? 1 : 0;
      fixed += naive ? 1 : 0;
    }

    // then at most 5 % are ever taken back, where the interval for one look errs far more often
    assertThat(alarms).isLessThanOrEqualTo(10);
    assertThat(fixed).isGreaterThan(20);
  }

  @Test
  void shouldFindADropOfTenPointsWithinAThousandGrades() {
    // given
    int found = 0;
    for (int world = 0; world < 50; world++) {
      Random random = new Random(1_000 + world);
      Estimate estimate =
          comparison.difference(rewards(1_000, 0.5, random), rewards(1_000, 0.6, random));
      found += estimate.upper() < 0 ? 1 : 0;
    }

    // then
    assertThat(found).isGreaterThanOrEqualTo(45);
  }

  @Test
  void shouldCountSeveralGradersOfAQueryOnceAndDistrustedOnesLess() {
    // given
    ServedRewards served = new ServedRewards(2);
    served.add("q1", "m1", 10, "a", 1);
    served.add("q1", "m1", 10, "b", 0);
    served.add("q1", "m1", 10, "b", 0.5);
    served.add("q2", "m2", 20, "a", 1);

    // when
    List<ServedReward> first = served.of("m1", 0, grader -> grader.equals("a") ? 1 : 0.5);
    served.add("q3", "m2", 30, "a", 0);

    // then
    assertThat(first).hasSize(1);
    assertThat(first.get(0).reward()).isEqualTo((1 + 0.5 * 0.5) / 1.5);
    assertThat(first.get(0).weight()).isEqualTo(0.75);
    assertThat(served.of("m1", 0, grader -> 1)).as("left by number").isEmpty();
    assertThat(served.of("m2", 25, grader -> 1)).hasSize(1);
    assertThat(served.decidedAt("q2")).isEqualTo(20);
    assertThat(served.decidedAt("q1")).isEqualTo(-1);
  }
}
