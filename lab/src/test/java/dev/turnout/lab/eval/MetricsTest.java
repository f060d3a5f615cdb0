package dev.turnout.lab.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.lab.eval.measure.Auroc;
import dev.turnout.lab.eval.measure.CalibrationCurve;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import dev.turnout.lab.eval.measure.CostTable;
import dev.turnout.lab.eval.measure.Interval;
import dev.turnout.lab.eval.measure.Nonsense;
import dev.turnout.lab.eval.measure.PairRouting;
import dev.turnout.lab.eval.measure.PairedBootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final double TINY = 1e-9;

  @Test
  void shouldAverageTasksNotQueries() {
    // given: task x 3 queries, task y 1 query
    EncodedQueries queries =
        queries(row("x", 1, 0), row("x", 1, 0), row("x", 0, 0), row("y", 1, 0));

    // when
    TaskAccuracies accuracies = TaskAccuracies.of(queries, new double[] {1, 1, Double.NaN, 0});

    // then: the ungraded query does not count
    assertThat(accuracies.tasks()).containsExactly(Map.entry("x", 100.0), Map.entry("y", 0.0));
    assertThat(accuracies.average()).isEqualTo(50);
  }

  @Test
  void shouldExpectTheRewardOfMixedChoices() {
    EncodedQueries queries =
        queries(row("x", 1, 0), row("x", Double.NaN, 1), row("x", Double.NaN, 1));
    double[][] propensities = {{0.25, 0.75}, {0.5, 0.5}, {1, 0}};
    assertThat(Choices.rewards(queries, propensities)).containsExactly(0.25, 1, Double.NaN);
    assertThat(Choices.shares(propensities, 2))
        .containsExactly(new double[] {1.75 / 3, 1.25 / 3}, within(TINY));
  }

  @Test
  void shouldBoundADifferenceByItsSamplingError() {
    // given: 400 queries, ours right with 0.7, theirs with 0.5, independently
    Random random = new Random(1);
    double[] ours = new double[400];
    double[] theirs = new double[400];
    double[][] rows = new double[400][2];
    for (int i = 0; i < 400; i++) {
      ours[i] = random.nextDouble() < 0.7 ? 1 : 0;
      theirs[i] = random.nextDouble() < 0.5 ? 1 : 0;
    }
    EncodedQueries queries = queries("x", rows);

    // when
    Interval interval = PairedBootstrap.difference(queries, ours, theirs, 4000, 9);

    // then: standard error = sqrt(p(1-p)/n + q(1-q)/n) = 3.39 points
    double expected = 100 * (mean(ours) - mean(theirs));
    assertThat(interval.estimate()).isCloseTo(expected, within(TINY));
    assertThat(interval.high() - interval.low()).isCloseTo(2 * 1.96 * 3.35, within(0.8));
    assertThat(interval.positive()).isTrue();
  }

  @Test
  void shouldFindNoDifferenceBetweenEqualRouters() {
    double[] rewards = {1, 0, 1, 1};
    Interval interval =
        PairedBootstrap.difference(queries("x", new double[4][2]), rewards, rewards, 100, 1);
    assertThat(interval).isEqualTo(new Interval(0, 0, 0));
  }

  @Test
  void shouldMeasureCalibrationGapsByBin() {
    // given: 2 predictions at 0.85 of which 1 comes true, 2 at 0.15 of which none does
    EncodedQueries queries = queries(row("x", 1, 0), row("x", 0, 0));
    double[][] predicted = {{0.85, 0.15}, {0.85, 0.15}};

    // when
    CalibrationCurve curve = CalibrationCurve.of(queries, predicted);

    // then: (0.35 + 0.15) / 2
    assertThat(curve.expectedError()).isCloseTo(0.25, within(TINY));
    assertThat(curve.bins()).hasSize(2);
    assertThat(curve.bins().get(1).observed()).isEqualTo(0.5);
  }

  @Test
  void shouldLeaveUngradedPredictionsOutOfCalibration() {
    EncodedQueries queries = queries(row("x", 1, Double.NaN));
    assertThat(CalibrationCurve.of(queries, new double[][] {{1, 0.5}}).expectedError()).isZero();
  }

  @Test
  void shouldCountPairsInOrderForAuroc() {
    // positives 3, 2 against negatives 1, 2: of 4 pairs 3 in order, 1 tie
    assertThat(Auroc.of(new double[] {1, 2}, new double[] {3, 2})).isCloseTo(3.5 / 4, within(TINY));
    assertThat(Auroc.of(new double[] {1, 1}, new double[] {1, 1})).isEqualTo(0.5);
    assertThat(Auroc.of(new double[] {3, 4}, new double[] {1, 2})).isEqualTo(0);
    assertThat(Auroc.of(new double[] {}, new double[] {1})).isNaN();
  }

  @Test
  void shouldIntegrateTheNonDecreasingHull() {
    // given: (1, 10) and (3, 30) span the hull; (2, 12) is below it, (4, 25) is dominated
    CostQualityCurve curve =
        new CostQualityCurve(List.of(point(1, 10), point(2, 12), point(3, 30), point(4, 25)));

    // then: trapezoid 1..3 has area 40, flat 3..5 has area 60
    assertThat(curve.hull()).containsExactly(point(1, 10), point(3, 30));
    assertThat(curve.aiq(1, 5)).isCloseTo(25, within(TINY));
    assertThat(curve.costOfQuality(20)).isCloseTo(2, within(TINY));
    assertThat(curve.costOfQuality(5)).isEqualTo(1);
    assertThat(curve.costOfQuality(31)).isNaN();
  }

  @Test
  void shouldKeepOnlyConcaveCorners() {
    CostQualityCurve curve =
        new CostQualityCurve(List.of(point(0, 0), point(1, 5), point(2, 30), point(4, 40)));
    assertThat(curve.hull()).containsExactly(point(0, 0), point(2, 30), point(4, 40));
  }

  @Test
  void shouldTradeQualityForCost() {
    // given: the dear LLM is right on both queries, the cheap one on one of them
    EncodedQueries queries = queries(row("x", 1, 1), row("x", 0, 1));
    double[][] scores = {{0.9, 1}, {0.1, 1}};
    double[][] costs = {{0.001, 0.01}, {0.001, 0.01}};

    // when
    CostQualityCurve curve = CostQualityCurve.of(queries, scores, costs, costs);

    // then
    assertThat(curve.points().get(0).costUsd()).isCloseTo(0.01, within(TINY));
    assertThat(curve.points().get(0).quality()).isEqualTo(100);
    assertThat(curve.costOfQuality(100)).isCloseTo(0.0055, within(TINY));
    CostQualityCurve.Point last = curve.points().get(curve.points().size() - 1);
    assertThat(last.costUsd()).isCloseTo(0.001, within(TINY));
    assertThat(last.quality()).isEqualTo(50);
  }

  @Test
  void shouldRecoverTheGapOfAPair() {
    // given: four queries, strong gains on two; a perfect router finds those first
    EncodedQueries queries =
        queries(row("x", 0, 1), row("x", 0, 1), row("x", 1, 1), row("x", 1, 1));
    double[][] perfect = {{0, 1}, {0, 1}, {1, 1}, {1, 1}};

    // when
    PairRouting routing = PairRouting.of(queries, perfect, 0, 1);

    // then: recovered 0, 0.5, 1, 1, 1 at shares 0, 1/4, .. 1: trapezoids sum to 0.75
    assertThat(routing.apgr()).isCloseTo(0.75, within(TINY));
    assertThat(routing.cpt50()).isEqualTo(0.25);
    assertThat(routing.cpt80()).isEqualTo(0.5);
  }

  @Test
  void shouldEstimateCostsFromPricesAndKeepRecordedOnes() {
    // given
    QueryOutcomes query =
        new QueryOutcomes(
            "train/1",
            "x",
            Split.TRAIN,
            "12345678",
            new double[] {1, 1},
            new double[] {Double.NaN, 0.5});
    OutcomeDataset dataset =
        new OutcomeDataset(
            List.of("a", "b"), List.of(query), Map.of("a", new LlmPrice(1_000_000, 2_000_000)));
    EncodedQueries queries = new EncodedQueries(dataset.llms(), dataset.queries(), new float[1][1]);

    // when
    CostTable costs = CostTable.of(dataset, 10).orElseThrow();

    // then: 8 characters are 2 tokens; 2 + 10 * 2 USD
    assertThat(costs.actual(queries)).isDeepEqualTo(new double[][] {{22, 0.5}});
    assertThat(costs.estimated()).isTrue();
  }

  @Test
  void shouldHaveNoCostsWithoutPrices() {
    OutcomeDataset dataset = new OutcomeDataset(List.of("a"), List.of(), Map.of());
    assertThat(CostTable.of(dataset, 10)).isEmpty();
  }

  @Test
  void shouldShuffleWithoutInventing() {
    List<String> texts = List.of("one two three", "four five");
    List<String> words = Nonsense.shuffledWords(texts, 3);
    assertThat(String.join(" ", words).split(" "))
        .containsExactlyInAnyOrder("one", "two", "three", "four", "five");
    assertThat(words.get(1).split(" ")).hasSize(2);
    assertThat(Nonsense.shuffledLetters(texts, 3).get(0))
        .hasSameSizeAs(texts.get(0))
        .isNotEqualTo(texts.get(0));
    assertThat(Nonsense.shuffledWords(texts, 3)).isEqualTo(words);
  }

  @Test
  void shouldSpreadOverSeeds() {
    assertThat(RouterResult.spread(List.of(1.0, 3.0))).isCloseTo(Math.sqrt(2), within(TINY));
    assertThat(RouterResult.spread(List.of(1.0))).isZero();
  }

  private static CostQualityCurve.Point point(double cost, double quality) {
    return new CostQualityCurve.Point(0, cost, quality);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private record Row(String task, double[] rewards) {}

  private static Row row(String task, double... rewards) {
    return new Row(task, rewards);
  }

  private static EncodedQueries queries(String task, double[][] rewards) {
    Row[] rows = new Row[rewards.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new Row(task, rewards[i]);
    }
    return queries(rows);
  }

  private static EncodedQueries queries(Row... rows) {
    List<QueryOutcomes> queries = new ArrayList<>();
    for (Row row : rows) {
      queries.add(
          new QueryOutcomes(
              "test/" + queries.size(),
              row.task(),
              Split.TEST,
              "q",
              row.rewards(),
              new double[row.rewards().length]));
    }
    return new EncodedQueries(List.of("a", "b"), queries, new float[rows.length][1]);
  }
}
