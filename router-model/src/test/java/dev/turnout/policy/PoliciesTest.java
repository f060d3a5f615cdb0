package dev.turnout.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoliciesTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void shouldTakeTheHighestScoreByDefault() {
    assertThat(Policies.names()).startsWith("argmax");
    assertThat(choice("argmax", request(0, 0, false))).isEqualTo("big");
  }

  @Test
  void shouldNameTheChoicesWhenAPolicyIsUnknown() {
    assertThatThrownBy(() -> Policies.named("best"))
        .hasMessageContaining("\"best\"")
        .hasMessageContaining("argmax")
        .hasMessageContaining("selectllm-sorted");
  }

  @Test
  void shouldExploreLessAtALowerTemper() {
    SelectionRequest request =
        new SelectionRequest(
            List.of(
                new Candidate("good", 0, 0, 0.6, 0.1, 0.5, Double.NaN, Double.NaN, null),
                new Candidate("other", 0, 0, 0.5, 0.1, 0.5, Double.NaN, Double.NaN, null)),
            0,
            0,
            false,
            true,
            0);

    double usual = Policies.named("thompson", 1).select(request, random).propensities()[1];
    double sharp = Policies.named("thompson", 0.5).select(request, random).propensities()[1];
    double sure = Policies.named("thompson", 0).select(request, random).propensities()[1];

    // a difference of 0.1 at a deviation of 0.1 * sqrt(2), or of half that
    assertThat(usual).isCloseTo(0.2398, within(1e-3));
    assertThat(sharp).isCloseTo(0.0786, within(1e-3));
    assertThat(sure).isZero();
    assertThat(Policies.named("argmax", 0.5)).isSameAs(Policies.named("argmax"));
  }

  @Test
  void shouldEqualArgMaxWithoutWeights() {
    assertThat(choice("weighted", request(0, 0, false))).isEqualTo("big");
  }

  @Test
  void shouldTradeSuccessForCostAndLatency() {
    // big 0.9 at 2 cents and 4 s, mid 0.8 at 1 cent and 1 s, small 0.5 at 0.1 cent and 0.5 s
    assertThat(choice("weighted", request(0.01, 0, false))).isEqualTo("big");
    assertThat(choice("weighted", request(0.2, 0, false))).isEqualTo("mid");
    assertThat(choice("weighted", request(1, 0, false))).isEqualTo("small");
    assertThat(choice("weighted", request(0, 0.05, false))).isEqualTo("mid");
  }

  @Test
  void shouldTakeTheBestOverallWhenOutOfDistribution() {
    assertThat(choice("guard", request(0, 0, true))).isEqualTo("mid");
    assertThat(choice("guard", request(0, 0, false))).isEqualTo("big");
  }

  @Test
  void shouldSampleInProportionToTheProbabilities() {
    Selection selection = Policies.named("sample").select(request(0, 0, false), random);

    assertThat(selection.propensities()).containsExactly(0.5, 0.3, 0.2);
  }

  @Test
  void shouldDrawAmongTheTopThreeOnlyWhenNoLlmIsConfident() {
    Selection sure = Policies.named("selectllm-random").select(request(0, 0, false), random);
    SelectionRequest doubtful =
        new SelectionRequest(
            List.of(
                candidate("a", 0.5), candidate("b", 0.4), candidate("c", 0.3), candidate("d", 0.2)),
            0,
            0,
            false,
            true);
    Selection unsure = Policies.named("selectllm-random").select(doubtful, random);

    assertThat(sure.propensities()).containsExactly(1, 0, 0);
    assertThat(unsure.propensities())
        .containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0, 0}, within(1e-12));
  }

  @Test
  void shouldAimAtTheExpectedConfidenceOfARightLlm() {
    // Expected confidence of a right LLM: (0.81 + 0.64 + 0.25) / 2.2 = 0.77, nearest to mid.
    assertThat(choice("selectllm-prediction", request(0, 0, false))).isEqualTo("mid");
    // Asked from the overall weakest (small 0.5, big 0.6, mid 0.7): 0.25 + 0.5 * 0.81 + ... = 0.69
    assertThat(choice("selectllm-sorted", request(0, 0, false))).isEqualTo("mid");
    assertThat(choice("selectllm-argmax", request(0, 0, false))).isEqualTo("big");
  }

  @Test
  void shouldSpreadTheFloorEvenlyOverEligibleLlms() {
    SelectionPolicy floored = new ExplorationFloor(new ArgMaxPolicy(), 0.3);
    List<Candidate> candidates = request(0, 0, false).candidates();
    SelectionRequest limited =
        new SelectionRequest(
            List.of(candidates.get(0), candidates.get(1).ineligible("drained"), candidates.get(2)),
            0,
            0,
            false,
            true);

    assertThat(floored.select(limited, random).propensities())
        .containsExactly(new double[] {0.85, 0, 0.15}, within(1e-12));
    assertThat(
            floored
                .select(new SelectionRequest(candidates, 0, 0, false, false), random)
                .propensities())
        .containsExactly(1, 0, 0);
    assertThat(
            floored
                .select(new SelectionRequest(candidates, 0, 0, false, true, 0.6), random)
                .propensities())
        .containsExactly(new double[] {0.6, 0.2, 0.2}, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldKeepTheRequestsFloorWhateverThePolicy(String name) {
    // given
    SelectionPolicy policy = Policies.named(name);
    List<Candidate> candidates = request(0, 0, false).candidates();

    // when
    double[] floored =
        policy
            .select(new SelectionRequest(candidates, 0, 0, false, true, 0.3), random)
            .propensities();
    double[] unfloored =
        policy
            .select(new SelectionRequest(candidates, 0, 0, false, true, 0), random)
            .propensities();

    // then
    for (int i = 0; i < floored.length; i++) {
      assertThat(floored[i]).isEqualTo(0.7 * unfloored[i] + 0.1, within(1e-12));
    }
  }

  private static Set<String> names() {
    return Policies.names();
  }

  private String choice(String policy, SelectionRequest request) {
    Selection selection = Policies.named(policy).select(request, random);
    String llm = request.candidates().get(selection.chosen()).llm();
    assertThat(selection.reason()).startsWith(llm);
    return llm;
  }

  private static SelectionRequest request(
      double costWeight, double latencyWeight, boolean outOfDistribution) {
    return new SelectionRequest(
        List.of(
            new Candidate("big", 0.8, 0.5, 0.9, 0, 0.6, 0.02, 4000, null),
            new Candidate("mid", 0.7, 0.3, 0.8, 0, 0.7, 0.01, 1000, null),
            new Candidate("small", 0.1, 0.2, 0.5, 0, 0.5, 0.001, 500, null)),
        costWeight,
        latencyWeight,
        outOfDistribution,
        true);
  }

  private static Candidate candidate(String llm, double success) {
    return new Candidate(llm, success, 0.25, success, Double.NaN, Double.NaN, null);
  }
}
