package dev.turnout.lab.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.lab.baseline.neighbour.Voting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaselinesTest {
  private static final List<String> LLMS = List.of("maths", "prose", "weak");
  private static final List<Baseline> OTHERS = Baselines.all(LLMS);
  private static final EncodedQueries FEW = twoDomains(120, 1);

  static Stream<Baseline> learners() {
    return Baselines.all(LLMS).stream()
        .filter(baseline -> !baseline.hindsight())
        .filter(baseline -> !baseline.name().matches(".*(random|prediction|sorted)"))
        .filter(baseline -> !LLMS.contains(baseline.name()))
        .filter(baseline -> !baseline.equals(ConstantChoice.BEST_SINGLE));
  }

  static Stream<Baseline> all() {
    return Baselines.all(LLMS).stream();
  }

  @ParameterizedTest
  @MethodSource("learners")
  void shouldLearnWhichLlmSuitsWhichQueries(Baseline baseline) {
    // given
    EncodedQueries train = twoDomains(400, 1);
    EncodedQueries test = twoDomains(200, 2);

    // when
    double reward = reward(baseline.fit(train, 7).propensities(test), test);

    // then: best single gets about 0.55, the right LLM per domain 0.9
    assertThat(reward).isGreaterThan(0.75);
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldGiveTheSameChoicesForTheSameSeed(Baseline baseline) {
    // given
    EncodedQueries test = twoDomains(40, 2);

    // when
    double[][] once = baseline.fit(FEW, 3).propensities(test);
    double[][] again = another(baseline).fit(FEW, 3).propensities(test);

    // then
    assertThat(again).isDeepEqualTo(once);
    for (double[] row : once) {
      assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldTakeASingleTrainingQuery(Baseline baseline) {
    // given: nothing is left to cross-validate on
    EncodedQueries train = twoDomains(400, 1).subset(new int[] {0});
    EncodedQueries test = twoDomains(10, 2);

    // when
    double[][] chosen = baseline.fit(train, 7).propensities(test);

    // then
    for (double[] row : chosen) {
      assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("learners")
  void shouldTreatUngradedLlmsAsUnknown(Baseline baseline) {
    // given: a third of the grades is missing
    EncodedQueries train = withGaps(twoDomains(600, 1));
    EncodedQueries test = twoDomains(200, 2);

    // when
    double reward = reward(baseline.fit(train, 7).propensities(test), test);

    // then
    assertThat(reward).isGreaterThan(0.7);
  }

  @Test
  void shouldBoundEveryRouterByTheOracle() {
    // given
    EncodedQueries train = twoDomains(100, 1);
    EncodedQueries test = twoDomains(100, 2);
    double bound = reward(Hindsight.ORACLE.fit(train, 0).propensities(test), test);

    // then
    assertThat(Baselines.all(LLMS))
        .allSatisfy(
            baseline ->
                assertThat(reward(baseline.fit(train, 1).propensities(test), test))
                    .isLessThanOrEqualTo(bound + 1e-9));
  }

  @Test
  void shouldPickTheBestLlmPerTaskInHindsight() {
    // given
    EncodedQueries queries =
        new EncodedQueries(
            List.of("a", "b"),
            List.of(
                query("1", "x", 1, 0),
                query("2", "x", 0, 1),
                query("3", "x", 1, 0),
                query("4", "y", 0, 1)),
            new float[4][1]);

    // when
    double[][] propensities = Hindsight.BEST_PER_TASK.fit(queries, 0).propensities(queries);

    // then
    assertThat(propensities).isDeepEqualTo(new double[][] {{1, 0}, {1, 0}, {1, 0}, {0, 1}});
  }

  @Test
  void shouldVoteForTheMostFrequentAnswer() {
    // given
    QueryOutcomes query =
        new QueryOutcomes(
            "1",
            "x",
            Split.TEST,
            "q",
            new double[] {0, 1, 1},
            new double[3],
            List.of("7", "42", " 42"));
    EncodedQueries queries = new EncodedQueries(LLMS, List.of(query), new float[1][1]);

    // then
    assertThat(Voting.applicable(queries)).isTrue();
    assertThat(Voting.BASELINE.fit(queries, 0).propensities(queries))
        .isDeepEqualTo(new double[][] {{0, 1, 0}});
    assertThat(Voting.applicable(twoDomains(3, 1))).isFalse();
  }

  /** Of the same name, but knowing nothing of what this one fitted. */
  private static Baseline another(Baseline baseline) {
    return OTHERS.stream()
        .filter(other -> other.name().equals(baseline.name()))
        .findFirst()
        .orElseThrow();
  }

  private static QueryOutcomes query(String id, String task, double... rewards) {
    return new QueryOutcomes(id, task, Split.TEST, "q", rewards, new double[rewards.length]);
  }

  private static double reward(double[][] propensities, EncodedQueries queries) {
    double sum = 0;
    for (int i = 0; i < propensities.length; i++) {
      for (int t = 0; t < propensities[i].length; t++) {
        sum += propensities[i][t] * queries.queries().get(i).rewards()[t];
      }
    }
    return sum / propensities.length;
  }

  private static EncodedQueries withGaps(EncodedQueries queries) {
    Random random = new Random(5);
    List<QueryOutcomes> gaps = new ArrayList<>();
    for (QueryOutcomes query : queries.queries()) {
      double[] rewards = query.rewards().clone();
      for (int t = 0; t < rewards.length; t++) {
        rewards[t] = random.nextInt(3) == 0 ? Double.NaN : rewards[t];
      }
      gaps.add(
          new QueryOutcomes(
              query.id(),
              query.dataset(),
              query.split(),
              query.question(),
              rewards,
              query.costsUsd()));
    }
    return new EncodedQueries(queries.llms(), gaps, queries.embeddings());
  }

  /** Two domains that vectors and words tell apart, each with an LLM that is right in 90 %. */
  private static EncodedQueries twoDomains(int count, long seed) {
    Random random = new Random(seed);
    List<QueryOutcomes> queries = new ArrayList<>();
    float[][] vectors = new float[count][8];
    for (int i = 0; i < count; i++) {
      int domain = i % 2;
      for (int k = 0; k < 8; k++) {
        vectors[i][k] = (float) (0.3 * random.nextGaussian());
      }
      vectors[i][domain] += 1;
      double[] rewards = {
        random.nextDouble() < (domain == 0 ? 0.9 : 0.2) ? 1 : 0,
        random.nextDouble() < (domain == 0 ? 0.2 : 0.9) ? 1 : 0,
        random.nextDouble() < 0.15 ? 1 : 0
      };
      String text = domain == 0 ? "solve the equation " : "write a poem about ";
      queries.add(
          new QueryOutcomes(
              "q" + i, "mixed", Split.TRAIN, text + random.nextInt(9), rewards, new double[3]));
    }
    return new EncodedQueries(LLMS, queries, vectors);
  }
}
