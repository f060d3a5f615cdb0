package dev.turnout.lab.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.lab.replay.result.BaselineRewards;
import dev.turnout.lab.simulation.SimulatedQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTruthTest {
  /** Two tasks in turn: the first LLM earns 1 and 0.6 on them, the second 0.5 and 0.5. */
  private static final List<SimulatedQuery> STREAM = stream();

  private static List<SimulatedQuery> stream() {
    List<SimulatedQuery> stream = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      double[] rewards = i % 2 == 0 ? new double[] {1, 0.5} : new double[] {0.6, 0.5};
      stream.add(new SimulatedQuery("q" + i, new float[] {1}, rewards, i % 2));
    }
    return stream;
  }

  private static Map<String, Double> baselines(ReplayTruth truth) {
    return BaselineRewards.of(truth).means();
  }

  @Test
  void shouldKnowTheDegradationInEveryBaseline() {
    // given the better LLM degrades half-way: 0.8 on average, then 0.16
    Map<String, Double> baselines = baselines(new ReplayTruth(STREAM, 0, -1));

    // then the other one is best over all, at 0.5 against 0.48
    assertThat(baselines.get(BaselineRewards.BEST_SINGLE)).isCloseTo(0.5, within(1e-9));
    // on the first task the first earned (1 + 0.2) / 2, on the second the other
    assertThat(baselines.get(BaselineRewards.BEST_PER_TASK))
        .isCloseTo((0.6 + 0.5) / 2, within(1e-9));
    assertThat(baselines.get(BaselineRewards.ORACLE)).isCloseTo((0.8 + 0.5) / 2, within(1e-9));
    assertThat(baselines.get(BaselineRewards.RANDOM))
        .isCloseTo(((0.8 + 0.5) / 2 + (0.16 + 0.5) / 2) / 2, within(1e-9));
  }

  @Test
  void shouldKnowThatAnLlmWasNotThereBefore() {
    ReplayTruth truth = new ReplayTruth(STREAM, -1, 0);
    Map<String, Double> baselines = baselines(truth);

    assertThat(truth.reward(49, 0)).isNaN();
    assertThat(truth.reward(50, 0)).isEqualTo(1);
    assertThat(baselines.get(BaselineRewards.BEST_SINGLE)).isCloseTo(0.5, within(1e-9));
    assertThat(baselines.get(BaselineRewards.ORACLE)).isCloseTo((0.5 + 0.8) / 2, within(1e-9));
    assertThat(baselines.get(BaselineRewards.RANDOM)).isCloseTo((0.5 + 0.65) / 2, within(1e-9));
    assertThat(truth.shareOfTasks(0, 50, 100)).isEqualTo(1);
  }

  @Test
  void shouldSayOfAnUndisturbedStreamWhatItHolds() {
    Map<String, Double> baselines = baselines(new ReplayTruth(STREAM, -1, -1));

    assertThat(baselines.get(BaselineRewards.BEST_SINGLE)).isCloseTo(0.8, within(1e-9));
    assertThat(baselines.get(BaselineRewards.ORACLE)).isCloseTo(0.8, within(1e-9));
    assertThat(baselines.get(BaselineRewards.RANDOM)).isCloseTo(0.65, within(1e-9));
  }
}
