package dev.turnout.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnboardingTest {
  private static final EncoderId ENCODER = new EncoderId("synthetic", "0123456789ab", 24);
  private static final TrainingSet TRAIN = SyntheticOutcomes.of(1500, 1);
  private static final TrainingSet TEST = SyntheticOutcomes.of(600, 2);
  private static final RouterModel MODEL =
      Recipes.named("turnout").train(TRAIN, ENCODER, 7, Progress.silent());

  @Test
  void shouldLeaveTheOtherEmbeddingsAlone() {
    RouterModel placed = placeAgain("all-round", 50, true);

    assertThat(placed.llms()).containsExactlyElementsOf(MODEL.llms());
    for (int t = 0; t < 4; t++) {
      assertThat(placed.llmEmbeddings().row(t)).containsExactly(MODEL.llmEmbeddings().row(t));
    }
  }

  @Test
  void shouldKeepNinetyFivePercentOfTheQualityFromFiftyProbes() {
    double full = quality(MODEL);
    double sum = 0;
    for (String llm : MODEL.llms()) {
      sum += quality(placeAgain(llm, 50, true)) / full;
    }

    assertThat(sum / MODEL.llms().size()).isGreaterThan(0.9);
  }

  @Test
  void shouldAddAnLlmThatIsAsGoodAsTheBestEverywhere() {
    RouterModel three =
        Recipes.named("turnout")
            .train(
                TRAIN.withLlms(List.of("chat", "law", "all-round")), ENCODER, 7, Progress.silent());
    int[] probes = Onboarding.chooseProbes(TRAIN.embeddings(), 100, 3);
    float[] perfect = new float[probes.length];
    Arrays.fill(perfect, 1);

    RouterModel placed = Onboarding.place(three, "perfect", pick(probes), perfect);

    RouterScorer scorer = new RouterScorer(placed);
    int chosen = 0;
    for (float[] query : TEST.embeddings()) {
      double[] cosine = scorer.score(query).cosine();
      chosen += cosine[3] >= Arrays.stream(cosine).max().orElseThrow() ? 1 : 0;
    }
    assertThat(chosen).isGreaterThan(TEST.size() / 2);
    assertThat(placed.embeddings().get(3).overall()).isGreaterThan(0.6);
  }

  @Test
  void shouldChooseDistinctProbesFromEveryTopic() {
    int[] probes = Onboarding.chooseProbes(TRAIN.embeddings(), 25, 1);

    assertThat(Arrays.stream(probes).distinct().count()).isEqualTo(probes.length);
    assertThat(Arrays.stream(probes).map(i -> TRAIN.group()[i]).distinct().count()).isEqualTo(4);
  }

  @Test
  void shouldRefuseProbesWithoutGrades() {
    float[][] probe = {TRAIN.embeddings()[0]};

    assertThatThrownBy(() -> Onboarding.place(MODEL, "new", probe, new float[] {Float.NaN}))
        .hasMessageContaining("\"new\"")
        .hasMessageContaining("no graded probe");
  }

  private static RouterModel placeAgain(String llm, int count, boolean withOthers) {
    int[] probes = Onboarding.chooseProbes(TRAIN.embeddings(), count, 3);
    int column = MODEL.llms().indexOf(llm);
    float[] rewards = new float[probes.length];
    float[][] others = new float[probes.length][];
    for (int i = 0; i < probes.length; i++) {
      rewards[i] = TRAIN.rewards()[probes[i]][column];
      others[i] = TRAIN.rewards()[probes[i]];
    }
    return Onboarding.place(MODEL, llm, pick(probes), rewards, withOthers ? others : null);
  }

  private static float[][] pick(int[] indices) {
    return Arrays.stream(indices).mapToObj(i -> TRAIN.embeddings()[i]).toArray(float[][]::new);
  }

  private static double quality(RouterModel model) {
    RouterScorer scorer = new RouterScorer(model);
    double sum = 0;
    for (int i = 0; i < TEST.size(); i++) {
      double[] cosine = scorer.score(TEST.embeddings()[i]).cosine();
      int best = 0;
      for (int t = 1; t < cosine.length; t++) {
        best = cosine[t] > cosine[best] ? t : best;
      }
      sum += SyntheticOutcomes.success(TEST.group()[i], best);
    }
    return sum / TEST.size();
  }
}
