package dev.turnout.lab.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every measure on examples small enough to be worked out by hand. */
class FiguresTest {
  private static final double TINY = 1e-9;

  /** Four queries; the strong LLM (1) gains on the first two, the weak one (0) on the last. */
  private static final Judged FOUR =
      new Judged(
          new double[][] {{0, 1}, {0, 1}, {1, 1}, {0, 0}},
          new double[][] {{1, 10}, {1, 10}, {1, 10}, {1, 10}},
          new int[] {0, 0, 0, 0},
          1);

  @Test
  void shouldRecoverTheWholeGapAtOnceWhenTheOrderIsPerfect() {
    // given: gains 1, 1, 0, 0 in the order of predictions
    double[][] success = {{0.1, 0.9}, {0.2, 0.9}, {0.9, 0.9}, {0.9, 0.8}};

    // when
    PairFigures.Pair pair = new PairFigures(FOUR, success, 0, 1).of(new int[] {1, 1, 1, 1});

    // then: recovered after 0..4 calls is 0, 1/2, 1, 1, 1; trapezoids over 4 steps
    assertThat(pair.apgr()).isEqualTo((0.25 + 0.75 + 1 + 1) / 4, within(TINY));
    assertThat(pair.cpt50()).isEqualTo(0.25);
    assertThat(pair.cpt80()).isEqualTo(0.5);
  }

  @Test
  void shouldCountADrawnQueryAsOftenAsItIsDrawn() {
    // given: the first gain drawn twice, the second never
    double[][] success = {{0.1, 0.9}, {0.2, 0.9}, {0.9, 0.9}, {0.9, 0.8}};

    // when
    PairFigures.Pair pair = new PairFigures(FOUR, success, 0, 1).of(new int[] {2, 0, 1, 1});

    // then: one step of two calls recovers everything
    assertThat(pair.apgr()).isEqualTo((2 * 0.5 + 1 + 1) / 4, within(TINY));
    assertThat(pair.cpt50()).isEqualTo(0.5);
  }

  @Test
  void shouldLeaveQueriesWithoutBothGradesOutOfAPair() {
    Judged judged =
        new Judged(
            new double[][] {{0, 1}, {Double.NaN, 1}, {1, 1}},
            new double[0][],
            new int[] {0, 0, 0},
            1);
    PairFigures.Pair pair =
        new PairFigures(judged, new double[][] {{0, 1}, {0, 1}, {1, 1}}, 0, 1)
            .of(new int[] {1, 1, 1});
    assertThat(pair.apgr()).isEqualTo((0.5 + 1) / 2, within(TINY));
  }

  @Test
  void shouldHaveNoPairFiguresWhereTheStrongLlmIsNotBetter() {
    PairFigures.Pair pair =
        new PairFigures(FOUR, new double[4][2], 1, 0).of(new int[] {1, 1, 1, 1});
    assertThat(pair.apgr()).isNaN();
  }

  @Test
  void shouldCountUngradedChoicesNeitherInQualityNorInCost() {
    // given: two tasks; the chosen LLM of the second query has no grade
    Judged judged =
        new Judged(
            new double[][] {{1}, {Double.NaN}, {0}},
            new double[][] {{2}, {100}, {4}},
            new int[] {0, 0, 1},
            0);

    // when
    Tally.Totals totals = new Tally(judged, new int[] {0, 0, 0}).of(new int[] {1, 1, 1});

    // then
    assertThat(totals.taskAverage()).isEqualTo(50);
    assertThat(totals.pooled()).isEqualTo(50);
    assertThat(totals.cost()).isEqualTo(3);
    assertThat(totals.coverage()).isEqualTo(2.0 / 3, within(TINY));
  }

  @Test
  void shouldMeasureAPerfectRouterByAllFigures() {
    // given: predictions equal the rewards
    double[][] success = FOUR.rewards();
    RouterFigures measuring = new RouterFigures(FOUR, Resamples.of(FOUR.task(), 0, 1));

    // when
    Map<Figure, double[]> figures =
        measuring.of(success, success, new double[][] {{1, 10}, {1, 10}, {1, 10}, {1, 10}});

    // then: quality 3/4 costs (10 + 10 + 1 + 1) / 4 = 5.5; alone, 25 cost 1 and 75 cost 10
    assertThat(value(figures, Figure.ARGMAX)).isEqualTo(75);
    assertThat(value(figures, Figure.AIQ))
        .isEqualTo((4.5 * (25 + 75) / 2 + 4.5 * 75) / 9, within(1e-6));
    assertThat(value(figures, Figure.COST100)).isEqualTo(0.55, within(1e-6));
    // 71.25 lies at 1 + 4.5 * (71.25 - 25) / 50
    assertThat(value(figures, Figure.COST95)).isEqualTo(0.1 * (1 + 4.5 * 46.25 / 50), within(1e-6));
    assertThat(value(figures, Figure.LOG_LOSS)).isEqualTo(-Math.log(0.999), within(1e-9));
  }

  @Test
  void shouldSayThatAQualityIsNeverReached() {
    // given: everything looks best for the weak LLM
    double[][] success = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
    Map<Figure, double[]> figures =
        new RouterFigures(FOUR, Resamples.of(FOUR.task(), 0, 1))
            .of(success, success, new double[4][2]);
    assertThat(value(figures, Figure.COST100)).isInfinite();
    assertThat(value(figures, Figure.ARGMAX)).isEqualTo(25);
  }

  @Test
  void shouldMeasureLossAndCalibrationOfEachLlm() {
    // given: one LLM, predictions 0.75 twice, right once; another without a grade
    Judged judged =
        new Judged(
            new double[][] {{1, Double.NaN}, {0, Double.NaN}},
            new double[0][],
            new int[] {0, 0},
            0);

    // when
    List<SuccessFigures> figures =
        SuccessFigures.of(List.of("a", "b"), judged, new double[][] {{0.75, 1}, {0.75, 0}});

    // then
    assertThat(figures.get(0).logLoss())
        .isEqualTo(-(Math.log(0.75) + Math.log(0.25)) / 2, within(TINY));
    assertThat(figures.get(0).ece()).isEqualTo(0.25, within(TINY));
    assertThat(figures.get(1).graded()).isZero();
    assertThat(figures.get(1).ece()).isNaN();
  }

  @Test
  void shouldDrawEachTaskAsOftenAsItIs() {
    Resamples resamples = Resamples.of(new int[] {0, 0, 1, 1, 1}, 20, 7);
    assertThat(resamples.counts()[0]).containsOnly(1);
    for (int[] drawn : resamples.counts()) {
      assertThat(drawn[0] + drawn[1]).isEqualTo(2);
      assertThat(drawn[2] + drawn[3] + drawn[4]).isEqualTo(3);
    }
  }

  @Test
  void shouldPairTheResamplesOfADifference() {
    FigureInterval difference =
        FigureInterval.difference(new double[] {5, 1, 9}, new double[] {3, 0, 8});
    assertThat(difference).isEqualTo(new FigureInterval(2, 1, 1));
    assertThat(difference.excludesZero()).isTrue();
  }

  private static double value(Map<Figure, double[]> figures, Figure figure) {
    return figures.getOrDefault(figure, new double[] {Double.NaN})[0];
  }
}
