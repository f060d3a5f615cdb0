package dev.turnout.belief;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.train.feedback.FeedbackTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrossFitTest {
  private static final List<String> LLMS = List.of("apple", "pear");

  private final RouterModel model =
      new FeedbackTraining(
              new EncoderId("toy", "0123456789ab", 4), LLMS, 1, LearningSettings.defaults())
          .cold();

  @Test
  void shouldNotLookAtASamplesOwnGrade() {
    // given the same log with one grade turned around
    List<GradedSample> seen = samples(200, 1, 0.5);
    List<GradedSample> heldOut = samples(50, 2, 0.5);
    List<GradedSample> turned = new ArrayList<>(heldOut);
    GradedSample sample = heldOut.get(7);
    turned.set(7, sample(sample.queryId(), sample.embedding(), sample.llm(), 1 - sample.reward()));

    // when
    double[] before = fit(seen, heldOut)[7];
    double[] after = fit(seen, turned)[7];

    // then
    assertThat(after).isEqualTo(before);
  }

  @Test
  void shouldKnowADifficultQuestionFromItsOtherGrades() {
    // given questions that pear always failed or always answered
    List<GradedSample> seen = new ArrayList<>();
    List<GradedSample> heldOut = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 40; i++) {
      float[] question = vector(random);
      seen.add(sample("s" + i, question, "pear", i % 2));
      heldOut.add(sample("h" + i, question, "apple", 1));
    }

    // when
    double[][] success = fit(seen, heldOut);

    // then
    for (int i = 0; i < 40; i += 2) {
      assertThat(success[i][0]).isLessThan(success[i + 1][0] - 0.2);
    }
  }

  private double[][] fit(List<GradedSample> seen, List<GradedSample> heldOut) {
    return CrossFit.success(
        new PosteriorLearner(model, LLMS, LearningSettings.defaults()), seen, heldOut);
  }

  private static List<GradedSample> samples(int size, long seed, double success) {
    Random random = new Random(seed);
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      double reward = random.nextDouble() < success ? 1 : 0;
      samples.add(sample("q" + seed + "-" + i, vector(random), LLMS.get(i % 2), reward));
    }
    return samples;
  }

  private static float[] vector(Random random) {
    float[] vector = new float[4];
    for (int j = 0; j < vector.length; j++) {
      vector[j] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static GradedSample sample(String id, float[] query, String llm, double reward) {
    return new GradedSample(
        id,
        query,
        llm,
        reward,
        1,
        0.5,
        LLMS,
        new double[] {0.5, 0.5},
        Double.NaN,
        Double.NaN,
        "g",
        false);
  }
}
