package dev.turnout.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TurnoutRecipeTest {
  private static final EncoderId ENCODER = new EncoderId("synthetic", "0123456789ab", 24);
  private static final TrainingSet TRAIN = SyntheticOutcomes.of(1200, 1);
  private static final TrainingSet TEST = SyntheticOutcomes.of(600, 2);
  private static final RouterModel MODEL =
      Recipes.named("turnout").train(TRAIN, ENCODER, 7, Progress.silent());

  @Test
  void shouldSendEveryTopicToItsExpert() {
    assertThat(shareOfExperts(MODEL)).isGreaterThan(0.97);
  }

  @Test
  void shouldTrainTheSameModelFromTheSameSeed() {
    RouterModel again = Recipes.named("turnout").train(TRAIN, ENCODER, 7, Progress.silent());

    assertThat(again.digest()).isEqualTo(MODEL.digest());
  }

  @Test
  void shouldPredictSuccessAsOftenAsItHappens() {
    RouterScorer scorer = new RouterScorer(MODEL);
    double error = 0;
    double count = 0;
    for (int i = 0; i < TEST.size(); i++) {
      double[] success = scorer.score(TEST.embeddings()[i]).predictedSuccess();
      for (int t = 0; t < success.length; t++) {
        error += Math.abs(success[t] - SyntheticOutcomes.success(TEST.group()[i], t));
        count++;
      }
    }

    assertThat(error / count).isLessThan(0.05);
  }

  @Test
  void shouldRankByPredictedSuccessAsByScore() {
    RouterScorer scorer = new RouterScorer(MODEL);
    for (int i = 0; i < 100; i++) {
      Scores scores = scorer.score(TEST.embeddings()[i]);
      assertThat(best(scores.predictedSuccess())).isEqualTo(best(scores.cosine()));
    }
  }

  @Test
  void shouldLearnThatATextIsHardForOneLlm() {
    // given that only the all-round LLM fails on what has numbers
    QuerySurface plain = SurfaceReader.shared().read("which bird sings at night");
    QuerySurface numbers = SurfaceReader.shared().read("what is 17 times 23 plus 99");
    List<QuerySurface> surfaces = new ArrayList<>();
    float[][] rewards = new float[TRAIN.size()][];
    for (int i = 0; i < rewards.length; i++) {
      surfaces.add(i % 2 == 0 ? plain : numbers);
      rewards[i] = TRAIN.rewards()[i].clone();
      rewards[i][4] = i % 2 == 0 ? 1 : 0;
    }
    TrainingSet data =
        TrainingSet.of(TRAIN.llms(), TRAIN.embeddings(), rewards, TRAIN.group())
            .withSurfaces(surfaces);

    // when
    RouterModel model = Recipes.named("turnout").train(data, ENCODER, 7, Progress.silent());

    // then
    RouterScorer scorer = new RouterScorer(model);
    double[] easy = scorer.score(TEST.embeddings()[0], null, plain).predictedSuccess();
    double[] hard = scorer.score(TEST.embeddings()[0], null, numbers).predictedSuccess();
    assertThat(easy[4]).isGreaterThan(0.9);
    assertThat(hard[4]).isLessThan(0.1);
    for (int t = 0; t < 4; t++) {
      assertThat(hard[t]).isCloseTo(easy[t], within(0.1));
    }
    assertThat(shareOfExperts(model)).isGreaterThan(0.95);
    assertThat(RouterModel.fromBytes(model.toBytes())).isEqualTo(model);
  }

  @Test
  void shouldLearnFromOneGradeAQuery() {
    TrainingSet full = SyntheticOutcomes.of(4000, 3);
    SplittableRandom random = new SplittableRandom(4);
    float[][] single = new float[full.size()][full.llms().size()];
    for (int i = 0; i < single.length; i++) {
      Arrays.fill(single[i], Float.NaN);
      int graded = random.nextInt(single[i].length);
      single[i][graded] = full.rewards()[i][graded];
    }
    TrainingSet bandit = TrainingSet.of(full.llms(), full.embeddings(), single, full.group());

    RouterModel model = Recipes.named("turnout").train(bandit, ENCODER, 7, Progress.silent());

    assertThat(shareOfExperts(model)).isGreaterThan(0.95);
  }

  @Test
  void shouldKeepWhatTheServingModelKnowsOfUngradedLlms() {
    TrainingSet few = SyntheticOutcomes.of(200, 5);
    TrainingSet mathsOnly = few.withLlms(List.of("maths"));

    RouterModel retrained =
        Recipes.named("turnout").retrain(MODEL, mathsOnly, 7, Progress.silent());

    assertThat(retrained.llms()).isEqualTo(MODEL.llms());
    assertThat(shareOfExperts(retrained)).isGreaterThan(0.95);
    assertThat(retrained.report()).containsEntry("parent", MODEL.version());
  }

  @Test
  void shouldMoveTowardsNewGradesWhenRetrained() {
    TrainingSet fresh = SyntheticOutcomes.of(1500, 6);
    float[][] degraded = new float[fresh.size()][];
    for (int i = 0; i < degraded.length; i++) {
      degraded[i] = fresh.rewards()[i].clone();
      degraded[i][0] = 0;
    }
    TrainingSet broken = TrainingSet.of(fresh.llms(), fresh.embeddings(), degraded, fresh.group());

    RouterModel retrained = Recipes.named("turnout").retrain(MODEL, broken, 7, Progress.silent());

    RouterScorer scorer = new RouterScorer(retrained);
    for (int i = 0; i < TEST.size(); i++) {
      assertThat(best(scorer.score(TEST.embeddings()[i]).cosine())).isNotZero();
    }
  }

  @Test
  void shouldFlagQueriesFarFromTraining() {
    RouterScorer scorer = new RouterScorer(MODEL);
    SplittableRandom random = new SplittableRandom(8);
    int flaggedNoise = 0;
    int flaggedTest = 0;
    for (int i = 0; i < 200; i++) {
      float[] noise = new float[24];
      double squares = 0;
      for (int j = 0; j < noise.length; j++) {
        noise[j] = (float) random.nextDouble(-1, 1);
        squares += (double) noise[j] * noise[j];
      }
      for (int j = 0; j < noise.length; j++) {
        noise[j] = (float) (noise[j] / Math.sqrt(squares));
      }
      flaggedNoise += scorer.score(noise).outOfDistribution() ? 1 : 0;
      flaggedTest += scorer.score(TEST.embeddings()[i]).outOfDistribution() ? 1 : 0;
    }

    assertThat(flaggedNoise).isGreaterThan(190);
    assertThat(flaggedTest).isLessThan(20);
  }

  @Test
  void shouldReportProgressOfEveryStage() {
    List<String> stages = new ArrayList<>();

    Recipes.named("turnout")
        .train(SyntheticOutcomes.of(100, 9), ENCODER, 1, (stage, fraction) -> stages.add(stage));

    assertThat(stages).contains("cells", "regression", "out-of-fold predictions", "guard");
  }

  private static double shareOfExperts(RouterModel model) {
    RouterScorer scorer = new RouterScorer(model);
    int right = 0;
    for (int i = 0; i < TEST.size(); i++) {
      right += best(scorer.score(TEST.embeddings()[i]).cosine()) == TEST.group()[i] ? 1 : 0;
    }
    return (double) right / TEST.size();
  }

  private static int best(double[] values) {
    int best = 0;
    for (int t = 1; t < values.length; t++) {
      best = values[t] > values[best] ? t : best;
    }
    return best;
  }
}
