package dev.turnout.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.encoder.surface.Trait;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RouterScorerTest {

  @Test
  void shouldScoreByPlainCosine() {
    float[][] llms = {{1, 0, 0}, {0, 2, 0}, {-3, 0, 0}};
    RouterScorer scorer = new RouterScorer(RandomModels.plain(llms, 0.5));

    Scores scores = scorer.score(new float[] {0.6f, 0.8f});

    // phi = [0.6, 0.8, 1] has length sqrt(2).
    assertThat(scores.cosine())
        .containsExactly(new double[] {0.4243, 0.5657, -0.4243}, within(1e-4));
    double[] weights = {Math.exp(0.4243 / 0.5), Math.exp(0.5657 / 0.5), Math.exp(-0.4243 / 0.5)};
    double sum = Arrays.stream(weights).sum();
    assertThat(scores.probability())
        .containsExactly(
            new double[] {weights[0] / sum, weights[1] / sum, weights[2] / sum}, within(1e-3));
    assertThat(scores.predictedSuccess()[0])
        .isCloseTo(1 / (1 + Math.exp(1 - 2 * 0.4243)), within(1e-4));
    assertThat(scores.cell()).isEqualTo(-1);
    assertThat(scores.outOfDistribution()).isFalse();
  }

  @Test
  void shouldAgreeWithAStraightforwardComputation() {
    RouterModel model = RandomModels.of(9, 32, 20, 3);
    RouterScorer scorer = new RouterScorer(model);
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 50; i++) {
      float[] query = RandomModels.unit(32, random);

      Scores scores = scorer.score(query);

      assertThat(scores.cosine()).containsExactly(naiveCosines(model, query), within(1e-5));
      assertThat(scores.distance()).isCloseTo(naiveDistance(model, query), within(1e-3));
      assertThat(scores.outOfDistribution()).isEqualTo(scores.distance() > 0.4);
      assertThat(Arrays.stream(scores.probability()).sum()).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void shouldReadSuccessOffTheTextAndLeaveTheRankingAlone() {
    // given a head in which digits are hard for the first LLM alone, and one word for the second
    QuerySurface digits = SurfaceReader.shared().read("17 23 99");
    QuerySurface word = SurfaceReader.shared().read("lemma");
    SuccessHead head =
        new SuccessHead(
            Matrix.of(new float[][] {{Trait.DIGITS.place(), 0.5f}}),
            Matrix.of(new float[][] {{-2, 0}}),
            Matrix.of(new float[][] {{word.words()[0], 1.5f}}),
            Matrix.of(new float[][] {{0, -4}}),
            Matrix.of(new float[][] {{1, 0, 0.5f, 1, 0}, {1, 0, 0.5f, 0, 1}}));
    RouterModel model = RandomModels.plain(new float[][] {{1, 0, 0}, {0, 1, 0}}, 1).withHead(head);
    RouterScorer scorer = new RouterScorer(model);
    float[] query = {0, 0};

    // when
    Scores ofDigits = scorer.score(query, null, digits);
    Scores ofWord = scorer.score(query, null, word);

    // then
    assertThat(ofDigits.predictedSuccess())
        .containsExactly(new double[] {sigmoid(-1.5), sigmoid(0.5)}, within(1e-6));
    assertThat(ofWord.predictedSuccess())
        .containsExactly(new double[] {sigmoid(0.5), sigmoid(-3.5)}, within(1e-6));
    assertThat(ofWord.cosine()).isEqualTo(scorer.score(query).cosine());
    assertThat(scorer.score(query).predictedSuccess())
        .isEqualTo(
            new RouterScorer(model.withHead(null)).score(query, null, word).predictedSuccess());
  }

  @Test
  void shouldReadSuccessOffTheVectorAloneForAStranger() {
    // given a model with a head and a guard, and a text that the head has an opinion of
    RouterScorer scorer = new RouterScorer(RandomModels.of(9, 32, 20, 3));
    QuerySurface surface = SurfaceReader.shared().read("How many of the 17 lemmas are wrong?");
    SplittableRandom random = new SplittableRandom(4);
    int strangers = 0;
    for (int i = 0; i < 200; i++) {
      float[] query = RandomModels.unit(32, random);

      // when
      Scores scores = scorer.score(query, null, surface);

      // then
      double[] ofVector = scorer.score(query).predictedSuccess();
      assertThat(Arrays.equals(scores.predictedSuccess(), ofVector))
          .isEqualTo(scores.outOfDistribution());
      strangers += scores.outOfDistribution() ? 1 : 0;
    }
    assertThat(strangers).isBetween(1, 199);
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  @Test
  void shouldKeepItsAnswerWhenAnotherQueryFollows() {
    RouterScorer scorer = new RouterScorer(RandomModels.of(5, 16, 8, 1));
    SplittableRandom random = new SplittableRandom(2);
    float[] query = RandomModels.unit(16, random);
    Scores first = scorer.score(query);
    double[] before = first.cosine().clone();

    scorer.score(RandomModels.unit(16, random));

    assertThat(first.cosine()).containsExactly(before);
    assertThat(scorer.score(query).cosine()).containsExactly(before);
  }

  @Test
  void shouldRefuseAVectorOfAnotherLength() {
    RouterScorer scorer = new RouterScorer(RandomModels.of(5, 16, 8, 1));

    assertThatThrownBy(() -> scorer.score(new float[17]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("17")
        .hasMessageContaining("16");
  }

  private static double[] naiveCosines(RouterModel model, float[] query) {
    double[] phi = naiveFeatures(model, query);
    Matrix projection = Objects.requireNonNull(model.projection());
    double[] z = new double[projection.rows()];
    for (int p = 0; p < z.length; p++) {
      for (int j = 0; j < phi.length; j++) {
        z[p] += projection.at(p, j) * phi[j];
      }
    }
    Sphere sphere = Objects.requireNonNull(model.sphere());
    double[] cosines = new double[model.llms().size()];
    for (int t = 0; t < cosines.length; t++) {
      for (int p = 0; p < z.length; p++) {
        cosines[t] += model.llmEmbeddings().at(t, p) * z[p];
      }
      cosines[t] /= sphere.queryRadius() * sphere.llmRadius();
    }
    return cosines;
  }

  private static double[] naiveFeatures(RouterModel model, float[] query) {
    QueryFeatures features = model.features();
    double[] x = naiveCentred(model, query);
    double[] phi = Arrays.copyOf(x, features.size());
    int offset = x.length;
    for (CellBank bank : features.banks()) {
      double[] squares = new double[bank.cells()];
      for (int c = 0; c < squares.length; c++) {
        squares[c] = squaredDistance(x, bank.centroids().row(c));
      }
      double least = Arrays.stream(squares).min().orElseThrow();
      double sum = Arrays.stream(squares).map(s -> Math.exp(-s / 2 / bank.scale())).sum();
      for (int c = 0; c < squares.length; c++) {
        double kernel = Math.exp(-squares[c] / 2 / bank.scale());
        phi[offset + c] =
            bank.weight()
                * switch (bank.membership()) {
                  case HARD -> squares[c] == least ? 1 : 0;
                  case SOFT -> kernel / sum;
                  case KERNEL -> kernel;
                };
      }
      offset += bank.cells();
    }
    phi[offset] = 1;
    return phi;
  }

  private static double[] naiveCentred(RouterModel model, float[] query) {
    double[] x = new double[query.length];
    double squares = 0;
    for (int j = 0; j < x.length; j++) {
      x[j] = query[j] - model.features().mean().at(0, j);
      squares += x[j] * x[j];
    }
    for (int j = 0; j < x.length; j++) {
      x[j] /= Math.sqrt(squares);
    }
    return x;
  }

  private static double naiveDistance(RouterModel model, float[] query) {
    Guard guard = Objects.requireNonNull(model.guard());
    double[] x = naiveCentred(model, query);
    double inside = 0;
    for (int r = 0; r < guard.subspace().rows(); r++) {
      double product = 0;
      for (int j = 0; j < x.length; j++) {
        product += guard.subspace().at(r, j) * x[j];
      }
      inside += product * product;
    }
    return Math.max(0, 1 - inside);
  }

  private static double squaredDistance(double[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return sum;
  }
}
