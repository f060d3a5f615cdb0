package dev.turnout.control.belief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Posteriors;
import dev.turnout.control.belief.CandidateRefiner.AnswerLength;
import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import dev.turnout.policy.Candidate;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
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
  void shouldMoveFromStatedLengthsToSeenOnesAsAnswersCome() {
    // given 20 grades of each LLM in one bank, of answers of 100 and of 300 tokens
    Posteriors seen =
        new Posteriors(
            "m1",
            List.of("terse", "verbose"),
            SEEN.correction(),
            SEEN.deviation(),
            SEEN.count(),
            SEEN.costUsd(),
            SEEN.latencyMs(),
            CellMeans.alike(new double[] {100, 300}, 2),
            Map.of(),
            List.of(),
            20);

    // when
    AnswerLength lengths = PosteriorFollower.lengths(seen, seen.answers(1), new int[] {0});

    // then
    assertThat(lengths.tokens("terse", 200, 0)).isEqualTo((20 * 100 + 5 * 200) / 25.0);
    assertThat(lengths.tokens("verbose", 200, 0)).isEqualTo((20 * 300 + 5 * 200) / 25.0);
    // what comes from as many answers counts as much
    assertThat(lengths.tokens("terse", 200, 15)).isEqualTo((20 * 100 + 20 * 200) / 40.0);
    assertThat(lengths.tokens("unseen", 200, 0)).isEqualTo(200);
    assertThat(
            PosteriorFollower.lengths(SEEN, SEEN.answers(1), new int[] {0}).tokens("silent", 7, 0))
        .isEqualTo(7);
  }

  @Test
  void shouldLetSeenCostsCountBesideThoseOfTheModelWhereNoPricesTell() {
    // given a model that has learnt 0.6 USD from 15 answers, and 20 grades since of 0.25 USD
    float[] of15 = {15, 0.6f, 0, 0};
    RouterModel model =
        TinyModels.model("m1", List.of("silent", "priced"))
            .withCosts(
                new CostHead(
                    new CellAmounts(
                        Matrix.of(new float[1][2]), Matrix.of(new float[][] {of15, of15})),
                    null));
    Scores scores = new RouterScorer(model).score(new float[TinyEncoder.DIMENSION]);
    List<Candidate> candidates =
        List.of(
            new Candidate("silent", 0, 0, 0.5, 0, 0.8, Double.NaN, Double.NaN, null),
            new Candidate("priced", 0, 0, 0.5, 0, 0.7, 0.01, 300, null));

    // when
    List<Candidate> costed =
        PosteriorFollower.withLearntCosts(
            PosteriorFollower.blend(SEEN, new int[] {0}, candidates),
            candidates,
            model,
            scores,
            SEEN,
            SEEN.answers(1));

    // then
    assertThat(costed.get(0).expectedCostUsd())
        .isCloseTo((20 * 0.6 + 20 * 0.25) / 40, within(1e-6));
    assertThat(costed.get(1).expectedCostUsd()).isEqualTo(0.01);
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
