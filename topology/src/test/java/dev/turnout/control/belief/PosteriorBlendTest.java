package dev.turnout.control.belief;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Posteriors;
import dev.turnout.policy.Candidate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PosteriorBlendTest {
  private static final Posteriors SEEN =
      new Posteriors(
          "m1",
          List.of("priced", "silent"),
          new double[][] {{0.1, -0.1}, {0.1, -0.1}},
          new double[][] {{0.05, 0.06}, {0.05, 0.06}},
          new double[][] {{10, 10}, {10, 10}},
          new CellMeans(new double[] {0.5, 0.3}, new double[][] {{0.5, 0.25}, {0.5, 0.35}}),
          new CellMeans(new double[] {900, 800}, new double[][] {{900, 700}, {900, 850}}),
          Map.of(),
          List.of(),
          20);

  @Test
  void shouldTakeSeenCostAndLatencyWhereTheProfileIsSilent() {
    // given
    List<Candidate> candidates =
        List.of(
            new Candidate("priced", 0, 0, 0.5, 0, 0.7, 0.01, 300, null),
            new Candidate("silent", 0, 0, 0.5, 0, 0.8, Double.NaN, Double.NaN, null),
            new Candidate("unseen", 0, 0, 0.5, 0, 0.9, Double.NaN, Double.NaN, null));

    // when
    List<Candidate> blended = PosteriorFollower.blend(SEEN, new int[] {0}, candidates);

    // then
    assertThat(blended.get(0).expectedCostUsd()).isEqualTo(0.01);
    assertThat(blended.get(0).expectedLatencyMs()).isEqualTo(300);
    assertThat(blended.get(1).expectedCostUsd()).isEqualTo(0.25);
    assertThat(blended.get(1).expectedLatencyMs()).isEqualTo(700);
    assertThat(blended.get(1).overallSuccess()).isEqualTo(0.8);
    assertThat(blended.get(2)).isEqualTo(candidates.get(2));
  }

  @Test
  void shouldTakeWhatWasSeenInTheCellsOfTheQuery() {
    List<Candidate> candidates =
        List.of(new Candidate("silent", 0, 0, 0.5, 0, 0.8, Double.NaN, Double.NaN, null));

    Candidate near = PosteriorFollower.blend(SEEN, new int[] {0}, candidates).get(0);
    Candidate far = PosteriorFollower.blend(SEEN, new int[] {1}, candidates).get(0);
    Candidate between = PosteriorFollower.blend(SEEN, new int[] {0, 1}, candidates).get(0);

    assertThat(near.expectedCostUsd()).isEqualTo(0.25);
    assertThat(far.expectedCostUsd()).isEqualTo(0.35);
    assertThat(far.expectedLatencyMs()).isEqualTo(850);
    assertThat(between.expectedCostUsd()).isEqualTo(0.3);
  }
}
