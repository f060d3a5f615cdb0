package dev.turnout.train.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.GradedSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropensityWeightsTest {
  private static final List<String> LLMS = List.of("apple", "pear");

  @Test
  void shouldLeaveAPolicyThatDoesNotLookAtTheQueryAsItIs() {
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boolean apple = i % 4 == 0;
      samples.add(sample(i, apple ? "apple" : "pear", 0, apple ? 0.25 : 0.75, false));
    }

    assertThat(PropensityWeights.of(samples, 2))
        .allSatisfy(sample -> assertThat(sample.weight()).isCloseTo(1, within(1e-9)));
  }

  @Test
  void shouldUndoWhatAPolicyThatFavoursEasyQueriesDoesToTheMean() {
    // given an LLM that gets nine of ten easy queries, all solved, and one of ten hard ones
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      boolean easy = i % 2 == 0;
      boolean apple = (i / 2) % 10 < (easy ? 9 : 1);
      double propensity = easy == apple ? 0.9 : 0.1;
      samples.add(sample(i, apple ? "apple" : "pear", easy ? 1 : 0, propensity, false));
    }
    assertThat(meanOf("apple", samples)).isCloseTo(0.9, within(1e-9));

    // when
    double unclipped = meanOf("apple", PropensityWeights.of(samples, 100));
    double clipped = meanOf("apple", PropensityWeights.of(samples, 2));

    // then half of all queries are easy
    assertThat(unclipped).isCloseTo(0.5, within(1e-9));
    assertThat(clipped).isBetween(0.65, 0.75);
  }

  @Test
  void shouldKeepToItsClipAndLeaveShadowSamplesAlone() {
    List<GradedSample> samples =
        List.of(
            sample(1, "apple", 1, 0.001, false),
            sample(2, "pear", 1, 0.9, false),
            sample(3, "pear", 1, 1, true));

    List<GradedSample> weighted = PropensityWeights.of(samples, 3);

    assertThat(weighted.get(0).weight()).isEqualTo(3);
    assertThat(weighted.get(1).weight()).isCloseTo(0.5 / 0.9, within(1e-9));
    assertThat(weighted.get(2).weight()).isEqualTo(1);
    assertThat(PropensityWeights.of(samples, 1)).isEqualTo(samples);
  }

  private static double meanOf(String llm, List<GradedSample> samples) {
    double sum = 0;
    double weight = 0;
    for (GradedSample sample : samples) {
      if (sample.llm().equals(llm)) {
        sum += sample.weight() * sample.reward();
        weight += sample.weight();
      }
    }
    return sum / weight;
  }

  private static GradedSample sample(
      int id, String llm, double reward, double propensity, boolean shadow) {
    return new GradedSample(
        "q" + id,
        new float[] {id},
        llm,
        reward,
        1,
        propensity,
        LLMS,
        new double[0],
        Double.NaN,
        Double.NaN,
        "g",
        shadow);
  }
}
