package dev.turnout.lab.replay.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.lab.replay.ReplayLog;
import dev.turnout.lab.replay.ReplayTruth;
import dev.turnout.lab.simulation.SimulatedQuery;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetRewardsTest {
  private static final int LENGTH = 100;

  /** The first LLM is always right for two cents, the second every other time for one. */
  private static List<SimulatedQuery> stream(double costOfTheSecond) {
    List<SimulatedQuery> stream = new ArrayList<>();
    for (int i = 0; i < LENGTH; i++) {
      double[] rewards = {1, i % 2};
      double[] costs = {0.02, costOfTheSecond};
      stream.add(new SimulatedQuery("q" + i, new float[] {1}, null, rewards, costs, 0));
    }
    return stream;
  }

  /** A router that asks the first LLM in the first half and the right one afterwards. */
  private static ReplayLog log(ReplayTruth truth) {
    ReplayLog log = new ReplayLog(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      int llm = i < LENGTH / 2 ? 0 : i % 2;
      log.decide(i, llm, truth.reward(i, llm), 1);
    }
    return log;
  }

  @Test
  void shouldTakeCostsOffRewards() {
    ReplayTruth truth = new ReplayTruth(stream(0.01), -1, -1);

    NetRewards net = NetRewards.of(truth, log(truth), 0.1).orElseThrow();

    assertThat(net.means().get(NetRewards.ALWAYS_BEST)).isCloseTo(0.8, within(1e-9));
    assertThat(net.means().get(NetRewards.ALWAYS_CHEAPEST)).isCloseTo(0.4, within(1e-9));
    assertThat(net.means().get(NetRewards.ROUTER)).isCloseTo(0.825, within(1e-9));
    List<Double> router = net.tenthsPercent().get(NetRewards.ROUTER);
    assertThat(router).hasSize(10);
    assertThat(router.get(0)).isCloseTo(80, within(1e-9));
    assertThat(router.get(9)).isCloseTo(85, within(1e-9));
  }

  @Test
  void shouldReportHowFarExpectedCostsWereOff() {
    // given a router that expects half a cent more of every answer of the second half
    ReplayTruth truth = new ReplayTruth(stream(0.01), -1, -1);
    ReplayLog log = log(truth);
    for (int i = LENGTH / 2; i < LENGTH; i++) {
      log.expect(i, truth.costUsd(i, log.chosen(i)) + 0.005);
    }

    // then half of its answers there cost two cents, half of them one
    assertThat(log.costError(truth, LENGTH / 2, LENGTH)).isCloseTo(0.5 / 1.5, within(1e-9));
    assertThat(log.costError(truth, 0, LENGTH / 2)).isNaN();
  }

  @Test
  void shouldSayNothingWhereCostsAreUnknown() {
    ReplayTruth truth = new ReplayTruth(stream(Double.NaN), -1, -1);

    assertThat(NetRewards.of(truth, log(truth), 0.1)).isEmpty();
  }
}
