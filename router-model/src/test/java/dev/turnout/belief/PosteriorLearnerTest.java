package dev.turnout.belief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.train.feedback.FeedbackTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PosteriorLearnerTest {
  private static final EncoderId ENCODER = new EncoderId("toy", "0123456789ab", 8);
  private static final List<String> LLMS = List.of("apple", "pear", "plum");

  private RouterModel model;
  private final LearningSettings settings = LearningSettings.defaults();

  @BeforeEach
  void twoCells() {
    List<float[]> queries = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      queries.add(query(i % 2, random));
    }
    model = new FeedbackTraining(ENCODER, LLMS, 2, settings).ungraded(queries, 1);
  }

  @Test
  void shouldFindTheBetterLlmOfEachCell() {
    // given apple is good at kind 0, pear at kind 1
    List<GradedSample> samples = samples(3_000, 1, "g", (kind, llm) -> kind == llm ? 0.8 : 0.5);

    // when
    Posteriors posteriors = learner().learn(samples);

    // then
    int[] cell = cells(samples);
    for (int kind = 0; kind < 2; kind++) {
      double[] correction = posteriors.correction()[cell[kind]];
      assertThat(correction[kind] - correction[1 - kind]).isCloseTo(0.3, within(0.09));
      assertThat(correction[kind] - correction[2]).isCloseTo(0.3, within(0.09));
      assertThat(posteriors.deviation()[cell[kind]][kind]).isLessThan(0.05);
    }
  }

  @Test
  void shouldBelieveThePriorWithoutGrades() {
    Posteriors posteriors = learner().learn(List.of());

    double prior = Math.sqrt(0.05 * 0.05 + 0.1 * 0.1 + 0.02 * 0.02);
    for (int c = 0; c < posteriors.cells(); c++) {
      for (int a = 0; a < LLMS.size(); a++) {
        assertThat(posteriors.correction()[c][a]).isZero();
        assertThat(posteriors.deviation()[c][a]).isCloseTo(prior, within(1e-9));
      }
    }
  }

  @Test
  void shouldLearnFromTheGradesWhichCellsResembleEachOther() {
    // given eleven LLMs of which each is as bad at one kind as it is good at the other
    List<String> many = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "newcomer");
    Random random = new Random(5);
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < 11 * 600; i++) {
      int llm = i % 11;
      int kind = random.nextInt(2);
      double success = 0.5 + (kind == 0 ? 0.06 : -0.06) * (llm - 5);
      double reward = random.nextDouble() < success ? 1 : 0;
      samples.add(sample("o" + i, query(kind, random), many.get(llm), reward, "g"));
    }
    // and one more that is good at kind 0 and has not been seen at kind 1
    for (int i = 0; i < 300; i++) {
      double reward = random.nextDouble() < 0.8 ? 1 : 0;
      samples.add(i, sample("n" + i, query(0, random), "newcomer", reward, "g"));
    }

    // when
    Posteriors posteriors = new PosteriorLearner(model, many, settings).learn(samples);

    // then it is expected to be bad at kind 1, although the prior expects the opposite
    int[] cell = cells(samples);
    double average = 0;
    for (int llm = 0; llm < 11; llm++) {
      average += posteriors.correction()[cell[1]][llm] / 11;
    }
    assertThat(posteriors.correction()[cell[0]][11] - average).isGreaterThan(0.15);
    assertThat(posteriors.correction()[cell[1]][11] - average).isLessThan(-0.05);
  }

  @Test
  void shouldDoubtANewcomerUntilItHasBeenGraded() {
    // given plum comes after more than 1,000 grades of the others
    List<GradedSample> others = samples(1_800, 2, "g", (kind, llm) -> 0.6);
    others.removeIf(sample -> sample.llm().equals("plum"));
    List<GradedSample> plums = samples(1_500, 3, "g", (kind, llm) -> 0.6);
    plums.removeIf(sample -> !sample.llm().equals("plum"));

    // when it has not been graded, a little, and enough
    double[] deviations = new double[3];
    double[] corrections = new double[3];
    int[] grades = {0, 60, 400};
    for (int i = 0; i < grades.length; i++) {
      List<GradedSample> samples = new ArrayList<>(others);
      samples.addAll(plums.subList(0, grades[i]));
      Posteriors posteriors = learner().learn(samples);
      deviations[i] = posteriors.deviation()[0][2];
      corrections[i] = posteriors.correction()[0][2] - posteriors.correction()[0][0];
    }

    // then only its uncertainty shows it
    assertThat(deviations[0]).isGreaterThan(0.3);
    assertThat(deviations[1]).isBetween(0.15, 0.25);
    assertThat(deviations[2]).isLessThan(0.07);
    for (double correction : corrections) {
      assertThat(correction).isCloseTo(0, within(0.1));
    }
  }

  @Test
  void shouldGiveBitEqualPosteriorsHoweverTheyWereReached() {
    // given one learner that updates all the time and a replica that replays the log at once
    List<GradedSample> samples = samples(1_500, 3, "g", (kind, llm) -> 0.4 + 0.1 * llm);
    PosteriorLearner busy = learner();
    FeedbackWindow window = new FeedbackWindow(1_000);
    Posteriors last = busy.learn(List.of());
    for (GradedSample sample : samples) {
      window.add(sample);
      if (window.size() % 97 == 0) {
        last = busy.learn(window.samples());
      }
    }
    assertThat(last.samples()).isPositive();
    FeedbackWindow replayed = new FeedbackWindow(1_000);
    samples.forEach(replayed::add);

    // when
    Posteriors one = busy.learn(window.samples());
    Posteriors other = learner().learn(replayed.samples());

    // then
    assertThat(one.sameAs(other)).isTrue();
  }

  @Test
  void shouldSeeThroughAGraderWhoTurnsRewardsAround() {
    // given a tenth of the grades is turned around
    List<GradedSample> honest = samples(2_700, 5, "honest", (kind, llm) -> kind == llm ? 0.9 : 0.4);
    List<GradedSample> turned = samples(300, 6, "mallory", (kind, llm) -> kind == llm ? 0.1 : 0.6);
    List<GradedSample> both = new ArrayList<>(honest);
    both.addAll(turned);

    // when
    Posteriors posteriors = learner().learn(both);

    // then
    assertThat(posteriors.trust().get("honest")).isGreaterThan(0.9);
    assertThat(posteriors.trust().get("mallory")).isLessThan(0.1);
  }

  @Test
  void shouldNotLetManyGradesThatCountLittleOutvoteTheFewThatCount() {
    // given a judge of few, and twenty times as many guesses that say the opposite
    List<GradedSample> judged = samples(300, 5, "judge", (kind, llm) -> llm == 0 ? 0.9 : 0.3);
    List<GradedSample> guessed =
        samples(6_000, 6, "implicit", (kind, llm) -> llm == 0 ? 0.3 : 0.9).stream()
            .map(sample -> sample.weighted(0.1))
            .toList();
    List<GradedSample> both = new ArrayList<>(guessed);
    both.addAll(judged);

    // when
    Posteriors posteriors = learner().learn(both);
    Posteriors alike =
        learner().learn(both.stream().map(sample -> sample.graded(sample.reward(), 1)).toList());

    // then
    assertThat(posteriors.trust().get("judge")).isGreaterThan(0.9);
    assertThat(posteriors.trust().get("implicit")).isLessThan(0.1);
    assertThat(posteriors.correction()[0][0]).isGreaterThan(posteriors.correction()[0][1]);
    assertThat(alike.correction()[0][0]).isLessThan(alike.correction()[0][1]);
  }

  @Test
  void shouldLearnFromGradesThatCountLittleWhereThereAreNoOthers() {
    List<GradedSample> guessed =
        samples(2_000, 6, "implicit", (kind, llm) -> llm == 0 ? 0.9 : 0.5).stream()
            .map(sample -> sample.weighted(0.1))
            .toList();

    Posteriors posteriors = learner().learn(guessed);

    assertThat(posteriors.trust()).containsEntry("implicit", 1.0);
    assertThat(posteriors.correction()[0][0]).isGreaterThan(posteriors.correction()[0][1]);
  }

  @Test
  void shouldTrustEveryGraderWhenTheyAgree() {
    List<GradedSample> samples = new ArrayList<>();
    for (int g = 0; g < 5; g++) {
      samples.addAll(samples(400, 10 + g, "g" + g, (kind, llm) -> kind == llm ? 0.8 : 0.5));
    }

    assertThat(learner().learn(samples).trust().values()).allMatch(trust -> trust > 0.8);
  }

  @Test
  void shouldForgetWhatAnLlmWasBeforeItDegraded() {
    // given apple falls from 0.8 to 0.2 after 2,000 samples
    List<GradedSample> samples =
        new ArrayList<>(samples(2_000, 1, "g", (kind, llm) -> llm == 0 ? 0.8 : 0.5));
    samples.addAll(samples(300, 2, "g", (kind, llm) -> llm == 0 ? 0.2 : 0.5));

    // when
    Posteriors posteriors = learner().learn(samples);

    // then
    assertThat(posteriors.changes()).anyMatch(change -> change.llm().equals("apple"));
    assertThat(posteriors.changes()).noneMatch(change -> change.llm().equals("plum"));
    for (double[] correction : posteriors.correction()) {
      assertThat(correction[0]).isLessThan(correction[1]);
    }
  }

  @Test
  void shouldFindNoChangeInASteadyStream() {
    for (int seed = 0; seed < 20; seed++) {
      List<GradedSample> samples = samples(2_000, seed, "g", (kind, llm) -> 0.5 + 0.1 * llm);
      assertThat(learner().learn(samples).changes()).isEmpty();
    }
  }

  @Test
  void shouldLearnLittleFromTheSameQuestionOverAndOver() {
    // given one question graded a thousand times against a thousand questions
    Random random = new Random(4);
    float[] same = query(0, random);
    List<GradedSample> repeated = new ArrayList<>();
    List<GradedSample> various = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      repeated.add(sample("r" + i, same, "apple", 1, "g"));
      various.add(sample("v" + i, query(0, random), "apple", 1, "g"));
    }
    int cell = cells(various)[0];

    // then
    assertThat(learner().learn(repeated).count()[cell][0]).isCloseTo(1, within(0.02));
    assertThat(learner().learn(various).count()[cell][0]).isGreaterThan(900);
  }

  @Test
  void shouldStartAnUnknownLlmAtTheMeanWithThePriorsSpread() {
    List<GradedSample> samples = samples(1_000, 1, "g", (kind, llm) -> llm == 2 ? 0.7 : 0.4);
    List<String> more = List.of("apple", "pear", "plum", "quince");

    Posteriors posteriors = new PosteriorLearner(model, more, settings).learn(samples);

    assertThat(posteriors.deviation()[0][3]).isGreaterThan(3 * posteriors.deviation()[0][2]);
    assertThat(posteriors.correction()[0][3]).isLessThan(posteriors.correction()[0][2]);
  }

  @Test
  void shouldLearnInEveryBankAndAverageWhatTheySay() {
    List<GradedSample> samples = samples(2_000, 1, "g", (kind, llm) -> kind == llm ? 0.8 : 0.5);

    Posteriors posteriors = learner().learn(samples);

    int banks = model.features().banks().size();
    int[] cells =
        new dev.turnout.model.RouterScorer(model).score(samples.get(0).embedding()).cells();
    double sum = 0;
    for (int cell : cells) {
      sum += posteriors.correction()[cell][0];
    }
    assertThat(banks).isGreaterThan(1);
    assertThat(cells).hasSize(banks).doesNotHaveDuplicates();
    assertThat(posteriors.cells()).isEqualTo(2 * banks);
    assertThat(posteriors.success(cells, 0, 0.5)).isCloseTo(0.5 + sum / banks, within(1e-9));
  }

  @Test
  void shouldForgetOldCostsAndLatenciesAsItForgetsRewards() {
    // given an LLM that becomes twice as dear and half as slow
    Random random = new Random(3);
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      boolean late = i >= 200;
      samples.add(
          new GradedSample(
              "q" + i,
              query(0, random),
              LLMS.get(0),
              1,
              1,
              1,
              LLMS,
              new double[0],
              late ? 0.02 : 0.01,
              late ? 400 : 800,
              "g",
              false));
    }

    // when
    Posteriors posteriors =
        new PosteriorLearner(model, LLMS, settings.withHalfLife(50)).learn(samples);

    // then four half-lives leave a sixteenth of the old
    assertThat(posteriors.costUsd().overall()[0]).isCloseTo(0.02 - 0.01 / 16, within(1e-4));
    assertThat(posteriors.latencyMs().overall()[0]).isCloseTo(400 + 400.0 / 16, within(5.0));
    assertThat(posteriors.costUsd().overall()[1]).isNaN();
  }

  @Test
  void shouldLearnCostAndLatencyCellByCellShrunkToTheLlmsOwnMean() {
    // given an LLM whose answers to one kind of query are four times as dear and as slow
    Random random = new Random(3);
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int kind = i % 4 == 0 ? 1 : 0;
      samples.add(
          new GradedSample(
              "q" + i,
              query(kind, random),
              LLMS.get(0),
              1,
              1,
              1,
              LLMS,
              new double[0],
              kind == 1 ? 0.04 : 0.01,
              kind == 1 ? 2_000 : 500,
              "g",
              false));
    }
    int[] cell = cells(samples);

    // when
    Posteriors posteriors = learner().learn(samples);
    Posteriors again = learner().learn(samples);

    // then 300 and 100 answers are shrunk by twenty to the mean of 0.0175 USD and 875 ms
    double[][] cost = posteriors.costUsd().perCell();
    double[][] latency = posteriors.latencyMs().perCell();
    assertThat(cost[cell[0]][0]).isCloseTo((300 * 0.01 + 20 * 0.0175) / 320, within(1e-4));
    assertThat(cost[cell[1]][0]).isCloseTo((100 * 0.04 + 20 * 0.0175) / 120, within(1e-4));
    assertThat(latency[cell[1]][0]).isCloseTo((100 * 2_000 + 20 * 875) / 120.0, within(5.0));
    assertThat(cost[cell[1]][1]).isNaN();
    assertThat(cost).hasDimensions(posteriors.cells(), LLMS.size());
    assertThat(posteriors.sameAs(again)).isTrue();
    assertThat(posteriors.costUsd().of(new int[] {cell[0], cell[1]}, 0))
        .isCloseTo((cost[cell[0]][0] + cost[cell[1]][0]) / 2, within(1e-12));
  }

  @Test
  void shouldSayWhatTheLlmSaysInACellWithoutAnswers() {
    List<GradedSample> samples = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      samples.add(
          new GradedSample(
              "q" + i,
              query(0, random),
              "apple",
              1,
              1,
              1,
              LLMS,
              new double[0],
              0.01,
              500,
              "g",
              false));
    }

    Posteriors posteriors = learner().learn(samples);

    for (double[] ofCell : posteriors.costUsd().perCell()) {
      assertThat(ofCell[0]).isCloseTo(0.01, within(1e-12));
    }
  }

  private PosteriorLearner learner() {
    return new PosteriorLearner(model, LLMS, settings);
  }

  /** The model's cell of each kind of query. */
  private int[] cells(List<GradedSample> samples) {
    int[] cells = new int[2];
    dev.turnout.model.RouterScorer scorer = new dev.turnout.model.RouterScorer(model);
    for (GradedSample sample : samples) {
      cells[sample.embedding()[0] > 0.5 ? 0 : 1] = scorer.score(sample.embedding()).cell();
    }
    return cells;
  }

  private interface Success {
    double of(int kind, int llm);
  }

  private static List<GradedSample> samples(int count, long seed, String grader, Success success) {
    Random random = new Random(seed);
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(2);
      int llm = random.nextInt(LLMS.size());
      double reward = random.nextDouble() < success.of(kind, llm) ? 1 : 0;
      samples.add(
          sample(grader + seed + "-" + i, query(kind, random), LLMS.get(llm), reward, grader));
    }
    return samples;
  }

  private static GradedSample sample(
      String id, float[] embedding, String llm, double reward, String grader) {
    return new GradedSample(
        id,
        embedding,
        llm,
        reward,
        1,
        1.0 / 3,
        LLMS,
        new double[0],
        Double.NaN,
        Double.NaN,
        grader,
        false);
  }

  private static float[] query(int kind, Random random) {
    float[] vector = new float[8];
    double length = 0;
    for (int j = 0; j < vector.length; j++) {
      double value = (j == kind ? 1 : 0) + 0.1 * random.nextGaussian();
      vector[j] = (float) value;
      length += value * value;
    }
    for (int j = 0; j < vector.length; j++) {
      vector[j] /= (float) Math.sqrt(length);
    }
    return vector;
  }
}
