package dev.turnout.train.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.CellBank;
import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipes;
import dev.turnout.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackTrainingTest {
  private static final EncoderId ENCODER = new EncoderId("toy", "0123456789ab", 8);
  private static final List<String> LLMS = List.of("apple", "pear");

  private final FeedbackTraining training =
      new FeedbackTraining(ENCODER, LLMS, 3, LearningSettings.defaults());

  @Test
  void shouldCountAQuestionOnceHoweverOftenItWasAsked() {
    // given
    List<float[]> once = queries(60, 1);
    List<float[]> often = new ArrayList<>(once);
    for (int i = 0; i < 500; i++) {
      often.add(once.get(0).clone());
    }

    // when
    Matrix few = training.ungraded(once, 7).features().banks().get(0).centroids();
    Matrix many = training.ungraded(often, 7).features().banks().get(0).centroids();

    // then
    assertThat(many.toRows()).isDeepEqualTo(few.toRows());
  }

  @Test
  void shouldFindCellsOfSeveralSizes() {
    FeedbackTraining fine = new FeedbackTraining(ENCODER, LLMS, 12, LearningSettings.defaults());

    assertThat(fine.ungraded(queries(300, 1), 7).features().banks())
        .extracting(CellBank::cells)
        .containsExactly(12, 8, 6, 5);
    assertThat(training.ungraded(queries(300, 1), 7).features().banks())
        .extracting(CellBank::cells)
        .containsExactly(3, 2, 2, 2);
  }

  @Test
  void shouldRenewTheCellsOfAnUngradedModelWheneverSamplesHaveDoubled() {
    assertThat(FeedbackTraining.dueForCells(training.cold(), 249, 250)).isFalse();
    assertThat(FeedbackTraining.dueForCells(training.cold(), 250, 250)).isTrue();

    RouterModel first = training.ungraded(queries(250, 1), 7);
    assertThat(FeedbackTraining.dueForCells(first, 499, 250)).isFalse();
    assertThat(FeedbackTraining.dueForCells(first, 500, 250)).isTrue();
  }

  @Test
  void shouldLeaveTheCellsOfATrainedModelToTheGate() {
    RouterModel trained = training.train(samples(300), 7);

    assertThat(FeedbackTraining.dueForCells(trained, 100_000, 250)).isFalse();
  }

  @Test
  void shouldChooseTheBetterLlmOfEachKind() {
    RouterModel trained = training.train(samples(3_000), 7);

    RouterScorer scorer = new RouterScorer(trained);
    for (float[] query : queries(20, 5)) {
      double[] success = scorer.score(query).predictedSuccess();
      int kind = kind(query);
      assertThat(success[kind]).isGreaterThan(success[1 - kind]);
    }
  }

  @Test
  void shouldKeepCellsAndWeightsOfTheModelItGoesOnFrom() {
    // given a model that knows both kinds, and grades that only speak of one
    RouterModel from = training.train(samples(3_000), 7);
    List<GradedSample> ofOneKind =
        samples(200).stream().filter(sample -> kind(sample.embedding()) == 0).toList();

    // when
    RouterModel warm = training.train(ofOneKind, 8, from, from, StopSignal.never());
    RouterModel anew = training.train(ofOneKind, 8);

    // then the other kind is not forgotten
    RouterScorer warmScorer = new RouterScorer(warm);
    RouterScorer anewScorer = new RouterScorer(anew);
    double warmLead = 0;
    double anewLead = 0;
    List<float[]> others = queries(20, 5).stream().filter(query -> kind(query) == 1).toList();
    for (float[] query : others) {
      warmLead += lead(warmScorer.score(query).predictedSuccess()) / others.size();
      anewLead += lead(anewScorer.score(query).predictedSuccess()) / others.size();
    }
    assertThat(warmLead).isGreaterThan(0.3);
    assertThat(anewLead).isLessThan(0);
    assertThat(warm.features()).isEqualTo(from.features());
    assertThat(warm.report()).containsEntry("start", from.version());
    assertThat(anew.report()).containsEntry("start", "anew");
  }

  @Test
  void shouldGiveTheSameBytesFromTheSameSamplesAndTheSameModel() {
    RouterModel from = training.train(samples(1_000), 7);
    RouterModel reloaded = RouterModel.fromBytes(from.toBytes());

    byte[] once = training.train(samples(1_500), 8, from, from, StopSignal.never()).toBytes();
    byte[] again =
        training.train(samples(1_500), 8, reloaded, reloaded, StopSignal.never()).toBytes();

    assertThat(again).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSayWhatTheModelSaysAsLongAsNoGradeCounts(boolean recorded) {
    // given a model of either recipe, and a grade of no weight
    RouterModel from = recorded ? recorded() : training.train(samples(1_000), 7);
    GradedSample weightless = samples(1).get(0).weighted(0);

    // when
    RouterModel warm = training.train(List.of(weightless), 8, from, from, StopSignal.never());

    // then
    RouterScorer before = new RouterScorer(from);
    RouterScorer after = new RouterScorer(warm);
    for (float[] query : queries(20, 5)) {
      double[] expected = before.score(query).predictedSuccess();
      assertThat(after.score(query).predictedSuccess()).containsExactly(expected, within(1e-4));
    }
  }

  @Test
  void shouldGiveAnLlmThatTheModelDoesNotKnowTheMeanOfTheOthers() {
    RouterModel from = training.train(samples(1_000), 7);
    List<String> more = List.of("apple", "pear", "quince");
    FeedbackTraining wider = new FeedbackTraining(ENCODER, more, 3, LearningSettings.defaults());

    RouterModel warm = wider.train(samples(1_000), 8, from, from, StopSignal.never());

    double[] success = new RouterScorer(warm).score(queries(1, 5).get(0)).predictedSuccess();
    assertThat(success).hasSize(3);
    assertThat(success[2])
        .isBetween(Math.min(success[0], success[1]), Math.max(success[0], success[1]));
  }

  @Test
  void shouldEndWhereverItIsToldToStop() {
    RouterModel from = training.train(samples(500), 7);
    AtomicInteger asked = new AtomicInteger();
    training.train(samples(500), 8, from, from, () -> asked.incrementAndGet() < 0);
    int warm = asked.getAndSet(0);
    training.train(samples(500), 8, null, null, () -> asked.incrementAndGet() < 0);
    int anew = asked.get();

    assertThat(warm).isGreaterThan(500);
    assertThat(anew).isGreaterThan(warm);
    for (int last : new int[] {1, warm / 2, warm}) {
      AtomicInteger left = new AtomicInteger(last);
      assertThatThrownBy(
              () -> training.train(samples(500), 8, from, from, () -> left.decrementAndGet() == 0))
          .isInstanceOf(CancellationException.class);
    }
  }

  private static double lead(double[] success) {
    return success[1] - success[0];
  }

  /** A model of the other recipe, from queries graded for all LLMs. */
  private static RouterModel recorded() {
    float[][] embeddings = queries(300, 4).toArray(float[][]::new);
    float[][] rewards = new float[embeddings.length][];
    float[] weights = new float[embeddings.length];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = kind(embeddings[i]) == 0 ? new float[] {1, 0} : new float[] {i % 3, 1};
      rewards[i][0] = Math.min(1, rewards[i][0]);
      weights[i] = 1;
    }
    return Recipes.named("turnout")
        .train(
            new TrainingSet(LLMS, embeddings, rewards, new int[embeddings.length], weights),
            ENCODER,
            3,
            Progress.silent());
  }

  private static List<GradedSample> samples(int size) {
    Random random = new Random(3);
    List<GradedSample> samples = new ArrayList<>();
    for (float[] query : queries(size, 2)) {
      int llm = random.nextInt(2);
      double reward = random.nextDouble() < (llm == kind(query) ? 0.9 : 0.3) ? 1 : 0;
      samples.add(
          new GradedSample(
              "q" + samples.size(),
              query,
              LLMS.get(llm),
              reward,
              1,
              0.5,
              LLMS,
              new double[] {0.5, 0.5},
              Double.NaN,
              Double.NaN,
              "g",
              false));
    }
    return samples;
  }

  private static int kind(float[] query) {
    return query[0] > query[1] ? 0 : 1;
  }

  private static List<float[]> queries(int size, long seed) {
    Random random = new Random(seed);
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      float[] query = new float[8];
      for (int j = 0; j < query.length; j++) {
        query[j] = (float) (0.1 * random.nextGaussian());
      }
      query[i % 2] += 1;
      queries.add(query);
    }
    return queries;
  }
}
