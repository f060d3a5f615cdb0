package dev.turnout.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.feedback.GradedSample;
import dev.turnout.feedback.LearningSettings;
import dev.turnout.feedback.PosteriorLearner;
import dev.turnout.feedback.Posteriors;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.ope.Estimate;
import dev.turnout.ope.Estimator;
import dev.turnout.ope.GateSettings;
import dev.turnout.ope.LoggedChoice;
import dev.turnout.ope.PromotionGate;
import dev.turnout.train.FeedbackTraining;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate on recorded outcomes with planted candidates: policies that send each cell of the query
 * space to one LLM, judged from a log of the serving one with even exploration.
 */
class GateFiguresIT {
  private static final Logger LOG = LoggerFactory.getLogger(GateFiguresIT.class);
  private static final int CELLS = 12;
  private static final int GRADES = 5_000;
  private static final double EXPLORATION = 0.1;

  @SuppressWarnings("NullAway.Init")
  private static RecordedOutcomes data;

  @SuppressWarnings("NullAway.Init")
  private static RouterModel model;

  @SuppressWarnings("NullAway.Init")
  private static int[] cell;

  @SuppressWarnings("NullAway.Init")
  private static int[][] cells;

  @BeforeAll
  static void read() {
    data = RecordedOutcomes.readOrSkip();
    List<float[]> vectors = data.train().stream().map(GradedQuery::embedding).toList();
    model =
        new FeedbackTraining(data.encoder(), data.llms(), CELLS, LearningSettings.defaults())
            .ungraded(vectors.subList(0, 2_000), 1);
    RouterScorer scorer = new RouterScorer(model);
    cells = vectors.stream().map(vector -> scorer.score(vector).cells()).toArray(int[][]::new);
    cell = Arrays.stream(cells).mapToInt(own -> own[0]).toArray();
  }

  @Test
  void shouldPromoteNoWorseAndHalfOfTheMuchBetterCandidatesFromEvenExploration() {
    Promoted promoted = judgePlanted(false);

    assertThat(promoted.worse()).isLessThanOrEqualTo(2);
    assertThat(promoted.better()).isGreaterThanOrEqualTo(22);
  }

  @Test
  void shouldPromoteNoWorseAndNearlyAllMuchBetterCandidatesFromStagedExploration() {
    Promoted promoted = judgePlanted(true);

    assertThat(promoted.worse()).isLessThanOrEqualTo(2);
    assertThat(promoted.better()).isGreaterThanOrEqualTo(40);
  }

  private record Promoted(int worse, int better) {}

  /** Half of each: staged exploration spends half of its share on the candidate's choice. */
  private static Promoted judgePlanted(boolean staged) {
    Random random = new Random(1);
    PromotionGate gate = new PromotionGate(GateSettings.defaults());
    int worse = 0;
    int worsePromoted = 0;
    int better = 0;
    int betterPromoted = 0;
    double disagreement = 0;
    double error = 0;
    while (worse < 50 || better < 50) {
      // given a serving policy and a candidate that differs in a few cells
      int[] serving = random.ints(CELLS, 0, data.llms().size()).toArray();
      int[] candidate = serving.clone();
      for (int change = 0; change < 1 + random.nextInt(4); change++) {
        candidate[random.nextInt(CELLS)] = random.nextInt(data.llms().size());
      }
      double difference = value(candidate) - value(serving);
      boolean isWorse = difference <= -0.01 && worse < 50;
      boolean isBetter = difference >= 0.04 && better < 50;
      if (!isWorse && !isBetter) {
        continue;
      }

      // when it is judged from what the serving one logged
      Log log = log(serving, staged ? candidate : null, random);
      var verdict = gate.judge(log.choices, log.propensities(candidate), log.propensities(serving));
      if (isWorse) {
        worse++;
        worsePromoted += verdict.promote() ? 1 : 0;
      } else {
        better++;
        betterPromoted += verdict.promote() ? 1 : 0;
        disagreement += log.disagreement(candidate, serving) / 50;
        error += verdict.difference(Estimator.DR).standardError() / 50;
      }
    }
    LOG.info(
        String.format(
            Locale.ROOT,
            "%s exploration of 10 %% promoted %d of 50 worse by a point or more, %d of 50 better by four or more"
                + " (disagreeing on %.0f %%, standard error %.2f points)",
            staged ? "staged" : "even",
            worsePromoted,
            betterPromoted,
            100 * disagreement,
            100 * error));
    return new Promoted(worsePromoted, betterPromoted);
  }

  @Test
  void shouldCoverTheTruthInNineOfTenReplays() {
    Random random = new Random(2);
    int covered = 0;
    for (int replay = 0; replay < 100; replay++) {
      int[] serving = random.ints(CELLS, 0, data.llms().size()).toArray();
      int[] target = random.ints(CELLS, 0, data.llms().size()).toArray();
      Log log = log(serving, null, random);
      Estimate estimate = Estimator.DR.estimate(log.choices, log.propensities(target), 0.95);
      covered += estimate.covers(value(target)) ? 1 : 0;
    }
    LOG.info("the DR interval covers the truth in {} of 100 replays", covered);
    assertThat(covered).isGreaterThanOrEqualTo(90);
  }

  private static double value(int[] policy) {
    double sum = 0;
    for (int i = 0; i < cell.length; i++) {
      sum += data.train().get(i).rewards()[policy[cell[i]]];
    }
    return sum / cell.length;
  }

  private record Log(List<LoggedChoice> choices, int[] queries) {
    double[][] propensities(int[] policy) {
      double[][] all = new double[queries.length][data.llms().size()];
      for (int i = 0; i < queries.length; i++) {
        all[i][policy[cell[queries[i]]]] = 1;
      }
      return all;
    }

    double disagreement(int[] one, int[] other) {
      return Arrays.stream(queries).filter(q -> one[cell[q]] != other[cell[q]]).count()
          / (double) queries.length;
    }
  }

  /** Grades of the serving policy with exploration; the reward model knows earlier ones only. */
  private static Log log(int[] serving, int @Nullable [] candidate, Random random) {
    int llms = data.llms().size();
    List<GradedSample> earlier = new ArrayList<>();
    int[] queries = new int[GRADES];
    int[] chosen = new int[GRADES];
    for (int i = -GRADES; i < GRADES; i++) {
      int query = random.nextInt(cell.length);
      double[] chances = chances(cell[query], serving, candidate);
      double point = random.nextDouble();
      int llm = 0;
      while (llm < llms - 1 && point >= chances[llm]) {
        point -= chances[llm++];
      }
      if (i >= 0) {
        queries[i] = query;
        chosen[i] = llm;
      } else {
        GradedQuery graded = data.train().get(query);
        earlier.add(
            new GradedSample(
                "e" + i,
                graded.embedding(),
                data.llms().get(llm),
                graded.rewards()[llm],
                1,
                1,
                data.llms(),
                new double[0],
                Double.NaN,
                Double.NaN,
                "g",
                false));
      }
    }
    Posteriors known =
        new PosteriorLearner(model, data.llms(), LearningSettings.defaults()).learn(earlier);
    List<LoggedChoice> choices = new ArrayList<>();
    for (int i = 0; i < GRADES; i++) {
      double[] modelled = new double[llms];
      for (int a = 0; a < llms; a++) {
        modelled[a] = known.success(cells[queries[i]], a, 0.5);
      }
      double propensity = chances(cell[queries[i]], serving, candidate)[chosen[i]];
      choices.add(
          new LoggedChoice(
              chosen[i],
              data.train().get(queries[i]).rewards()[chosen[i]],
              propensity,
              1,
              modelled));
    }
    return new Log(choices, queries);
  }

  private static double[] chances(int at, int[] serving, int @Nullable [] candidate) {
    double[] chances = new double[data.llms().size()];
    double even = candidate == null ? EXPLORATION : EXPLORATION / 2;
    Arrays.fill(chances, even / chances.length);
    chances[serving[at]] += 1 - EXPLORATION;
    if (candidate != null) {
      chances[candidate[at]] += EXPLORATION - even;
    }
    return chances;
  }
}
