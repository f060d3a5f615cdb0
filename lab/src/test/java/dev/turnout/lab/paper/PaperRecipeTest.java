package dev.turnout.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipes;
import dev.turnout.train.RecordedAnswers;
import dev.turnout.train.SyntheticOutcomes;
import dev.turnout.train.TrainingOptions;
import dev.turnout.train.TrainingSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaperRecipeTest {
  private static final EncoderId ENCODER = new EncoderId("synthetic", "0123456789ab", 24);
  private static final TrainingSet TRAIN = SyntheticOutcomes.of(800, 1);
  private static final TrainingOptions SHORT =
      TrainingOptions.builder().steps(200).learningRate(5e-3).groups(4).build();

  @Test
  void shouldFindTheExpertOfMostQueries() {
    RouterModel model = Recipes.named("paper", SHORT).train(TRAIN, ENCODER, 1, Progress.silent());

    assertThat(shareOfExperts(model)).isGreaterThan(0.8);
    assertThat(model.temperature()).isEqualTo(1);
  }

  @Test
  void shouldTrainTheSameModelFromTheSameSeed() {
    TrainingOptions brief = SHORT.toBuilder().steps(20).build();
    RouterModel first = Recipes.named("paper", brief).train(TRAIN, ENCODER, 1, Progress.silent());
    RouterModel second = Recipes.named("paper", brief).train(TRAIN, ENCODER, 1, Progress.silent());

    assertThat(second.digest()).isEqualTo(first.digest());
  }

  @Test
  void shouldTrainWithoutEitherLoss() {
    RouterModel sampleLlmOnly =
        Recipes.named("paper", SHORT.toBuilder().sampleSampleLoss(0).build())
            .train(TRAIN, ENCODER, 1, Progress.silent());
    RouterModel sampleSampleOnly =
        Recipes.named("paper", SHORT.toBuilder().sampleLlmLoss(0).build())
            .train(TRAIN, ENCODER, 1, Progress.silent());

    assertThat(shareOfExperts(sampleLlmOnly)).isGreaterThan(0.8);
    // Without grades in the loss nothing ties LLMs to topics.
    assertThat(shareOfExperts(sampleSampleOnly)).isLessThan(0.8);
  }

  @Test
  void shouldExpectOfAnAnswerWhatTheLlmsAnswersCostOnAverage() {
    // given answers of which the last LLM's cost ten times as much, and none of the first's is
    // known
    int llms = TRAIN.llms().size();
    double[] costs = new double[llms];
    Arrays.fill(costs, 0.001);
    costs[0] = Double.NaN;
    costs[llms - 1] = 0.01;
    TrainingSet recorded =
        TRAIN.withAnswers(Collections.nCopies(TRAIN.size(), RecordedAnswers.ofCosts(costs)));
    TrainingOptions brief = SHORT.toBuilder().steps(20).build();

    // when
    RouterModel model =
        Recipes.named("paper", brief).train(recorded, ENCODER, 1, Progress.silent());

    // then
    double[] expected = new RouterScorer(model).score(TRAIN.embeddings()[0]).costUsd();
    assertThat(expected[0]).isNaN();
    assertThat(expected[1]).isCloseTo(0.001, within(1e-8));
    assertThat(expected[llms - 1]).isCloseTo(0.01, within(1e-8));
  }

  @Test
  void shouldTrainTwoModelsAtOnceAsOneAfterTheOther() {
    // given
    TrainingOptions brief = SHORT.toBuilder().steps(20).build();
    String alone =
        Recipes.named("paper", brief).train(TRAIN, ENCODER, 1, Progress.silent()).digest();

    // when
    List<String> together =
        IntStream.range(0, 4)
            .parallel()
            .mapToObj(
                n ->
                    Recipes.named("paper", brief)
                        .train(TRAIN, ENCODER, 1, Progress.silent())
                        .digest())
            .toList();

    // then
    assertThat(together).containsOnly(alone);
  }

  @Test
  void shouldTakeUngradedLlmsAsNeitherGoodNorBad() {
    float[][] rewards = {{1, Float.NaN, 0, 0.6f, Float.NaN}};

    ContrastivePairs pairs = new ContrastivePairs(rewards, 2, new int[] {0});

    assertThat(pairs.positives(0)).containsExactly(1, 0, 0, 1, 0);
    assertThat(pairs.negatives(0)).containsExactly(0, 0, 1, 0, 0);
  }

  private static double shareOfExperts(RouterModel model) {
    TrainingSet test = SyntheticOutcomes.of(400, 2);
    RouterScorer scorer = new RouterScorer(model);
    int right = 0;
    for (int i = 0; i < test.size(); i++) {
      double[] cosine = scorer.score(test.embeddings()[i]).cosine();
      int best = 0;
      for (int t = 1; t < cosine.length; t++) {
        best = cosine[t] > cosine[best] ? t : best;
      }
      right += best == test.group()[i] ? 1 : 0;
    }
    return (double) right / test.size();
  }
}
