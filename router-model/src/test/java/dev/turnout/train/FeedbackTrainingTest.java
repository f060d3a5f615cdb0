package dev.turnout.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.encoder.EncoderId;
import dev.turnout.feedback.GradedSample;
import dev.turnout.feedback.LearningSettings;
import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
