package dev.turnout.train.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.Trait;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.SuccessHead;
import dev.turnout.model.SuccessPromise;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipes;
import dev.turnout.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Queries whose vectors tell who is better and whose texts tell how hard they are: short ones with
 * word 7 are easy for both LLMs, long ones with word 9 hard.
 */
class FeedbackHeadTest {
  private static final EncoderId ENCODER = new EncoderId("toy", "0123456789ab", 8);
  private static final List<String> LLMS = List.of("apple", "pear");

  private final FeedbackTraining training =
      new FeedbackTraining(ENCODER, LLMS, 3, LearningSettings.defaults());

  /** How much texts matter. */
  private static double success(Asked asked, int llm, double difficulty) {
    double success = llm == asked.kind() ? 0.7 : 0.4;
    return success + (asked.easy() ? difficulty : -difficulty);
  }

  private record Asked(float[] vector, QuerySurface surface, int kind, boolean easy) {}

  private static List<Asked> asked(int size, long seed) {
    Random random = new Random(seed);
    List<Asked> queries = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      float[] vector = new float[8];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = (float) (0.1 * random.nextGaussian());
      }
      vector[i % 2] += 1;
      boolean easy = random.nextBoolean();
      float[] traits = new float[Trait.COUNT];
      traits[0] = (float) (easy ? random.nextDouble() : 1 + random.nextDouble());
      int noise = 20 + random.nextInt(30);
      queries.add(
          new Asked(
              vector, new QuerySurface(traits, new int[] {easy ? 7 : 9, noise}), i % 2, easy));
    }
    return queries;
  }

  private static List<GradedSample> samples(int size, double difficulty, long seed) {
    Random random = new Random(seed);
    List<GradedSample> samples = new ArrayList<>();
    for (Asked query : asked(size, seed)) {
      double[] propensities = query.kind() == 0 ? new double[] {0.8, 0.2} : new double[] {0.2, 0.8};
      int llm = random.nextDouble() < propensities[0] ? 0 : 1;
      samples.add(
          new GradedSample(
              "q" + seed + "-" + samples.size(),
              query.vector(),
              LLMS.get(llm),
              random.nextDouble() < success(query, llm, difficulty) ? 1 : 0,
              1,
              propensities[llm],
              LLMS,
              propensities,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              "g",
              false,
              query.surface()));
    }
    return samples;
  }

  private RouterModel trained(List<GradedSample> samples, @Nullable RouterModel serving) {
    return training.train(samples, 7, null, serving, StopSignal.never());
  }

  /** A model of queries that both LLMs were graded on, with a head. */
  private static RouterModel recorded(double difficulty) {
    List<Asked> queries = asked(400, 99);
    Random random = new Random(98);
    float[][] rewards = new float[queries.size()][2];
    for (int i = 0; i < rewards.length; i++) {
      for (int t = 0; t < 2; t++) {
        rewards[i][t] = random.nextDouble() < success(queries.get(i), t, difficulty) ? 1 : 0;
      }
    }
    return Recipes.named("turnout")
        .train(
            TrainingSet.of(
                    LLMS,
                    queries.stream().map(Asked::vector).toArray(float[][]::new),
                    rewards,
                    new int[rewards.length])
                .withSurfaces(queries.stream().map(Asked::surface).toList()),
            ENCODER,
            3,
            Progress.silent());
  }

  /** Mean success predicted for easy queries beyond that for hard ones. */
  private static double told(RouterModel model) {
    RouterScorer scorer = new RouterScorer(model);
    double difference = 0;
    List<Asked> queries = asked(400, 55);
    for (Asked query : queries) {
      double[] success = scorer.score(query.vector(), null, query.surface()).predictedSuccess();
      difference += (query.easy() ? 1 : -1) * (success[0] + success[1]) / queries.size();
    }
    return difference;
  }

  @Test
  void shouldLearnFromOneLlmAQueryHowHardTextsAre() {
    RouterModel model = trained(samples(2_000, 0.25, 1), null);

    // then half a success apart, less what is shrunk
    assertThat(told(model)).isBetween(0.35, 0.55);
    assertThat(model.report()).containsEntry("head", "learnt");
    // and each kind of query still has its LLM
    RouterScorer scorer = new RouterScorer(model);
    for (Asked query : asked(50, 56)) {
      double[] success = scorer.score(query.vector(), null, query.surface()).predictedSuccess();
      assertThat(success[query.kind()]).isGreaterThan(success[1 - query.kind()]);
    }
  }

  @Test
  void shouldLearnNothingFromTextsThatSayNothing() {
    RouterModel model = trained(samples(2_000, 0, 1), null);

    assertThat(model.head()).isNull();
    assertThat(model.report()).containsEntry("head", "none");
  }

  @Test
  void shouldKeepWhatTheServingHeadKnowsWhereGradesAreFew() {
    RouterModel serving = recorded(0.25);

    // given too few grades to learn anything of texts
    RouterModel few = trained(samples(150, 0.25, 2), serving);

    // then what was known stays
    assertThat(trained(samples(150, 0.25, 2), null).head()).isNull();
    assertThat(few.report()).containsEntry("head", "kept");
    assertThat(told(few)).isGreaterThan(0.6 * told(serving));
  }

  @Test
  void shouldGiveUpWhatTheServingHeadKnowsWhereItIsWrong() {
    // given a head that takes hard texts for easy ones
    RouterModel serving = recorded(-0.25);
    assertThat(told(serving)).isNegative();

    RouterModel model = trained(samples(2_000, 0.25, 1), serving);

    assertThat(told(model)).isBetween(0.35, 0.55);
  }

  @Test
  void shouldNotGrowFromOneCandidateToTheNext() {
    RouterModel serving = recorded(0.1);
    RouterModel once = trained(samples(2_000, 0.25, 1), serving);
    RouterModel twice = trained(samples(2_000, 0.25, 1), once);

    SuccessHead first = Objects.requireNonNull(once.head());
    SuccessHead second = Objects.requireNonNull(twice.head());
    assertThat(second.axes()).isEqualTo(first.axes());
    assertThat(second.words()).isEqualTo(first.words());
    assertThat(second.edges()).isEqualTo(first.edges());
    assertThat(told(twice)).isCloseTo(told(once), within(0.01));
  }

  @Test
  void shouldLearnTheSameFromEqualLogs() {
    RouterModel serving = recorded(0.1);

    byte[] once = trained(samples(1_000, 0.25, 1), serving).toBytes();
    byte[] again =
        trained(samples(1_000, 0.25, 1), RouterModel.fromBytes(serving.toBytes())).toBytes();

    assertThat(again).isEqualTo(once);
  }

  @Test
  void shouldPromiseWhatExploredChoicesShow() {
    // given an LLM that is right in 95 % of the easy queries of its kind, and is tried elsewhere
    RouterModel model = trained(samples(6_000, 0.25, 1), null);

    // then it is trusted with many of them, and where it is trusted it keeps what is promised
    SuccessPromise promise = Objects.requireNonNull(model.calibration().promise());
    RouterScorer scorer = new RouterScorer(model);
    List<Asked> trusted =
        asked(400, 57).stream()
            .filter(
                query ->
                    promise.isKept(
                        0,
                        0.8,
                        scorer.score(query.vector(), null, query.surface()).predictedSuccess()[0]))
            .toList();
    assertThat(trusted.size()).isBetween(60, 250);
    double kept =
        trusted.stream().mapToDouble(query -> success(query, 0, 0.25)).average().orElse(0);
    assertThat(kept).isGreaterThan(0.8);
  }
}
