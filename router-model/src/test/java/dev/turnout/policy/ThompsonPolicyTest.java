package dev.turnout.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThompsonPolicyTest {
  private final ThompsonPolicy policy = new ThompsonPolicy();

  @Test
  void shouldDrawEachCandidateAsOftenAsItsPropensitySays() {
    // given
    SelectionRequest request =
        request(true, Double.NaN, llm("a", 0.6, 0.05), llm("b", 0.62, 0.1), llm("c", 0.4, 0.2));
    Random random = new Random(5);
    int draws = 100_000;
    double[] share = new double[3];

    // when
    double[] propensities = new double[3];
    for (int d = 0; d < draws; d++) {
      Selection selection = policy.select(request, random);
      share[selection.chosen()] += 1.0 / draws;
      propensities = selection.propensities();
    }

    // then
    assertThat(propensities).containsExactly(share, within(0.008));
    assertThat(Arrays.stream(propensities).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void shouldKeepTheFloorForHopelessCandidates() {
    Selection selection =
        policy.select(
            request(true, Double.NaN, llm("a", 0.9, 0.001), llm("b", 0.1, 0.001)), new Random(1));

    assertThat(selection.propensities()[1]).isCloseTo(0.015, within(1e-9));
  }

  @Test
  void shouldTakeTheTenantsFloorWhenItHasOne() {
    Selection selection =
        policy.select(
            request(true, 0.2, llm("a", 0.9, 0.001), llm("b", 0.1, 0.001)), new Random(1));

    assertThat(selection.propensities()[1]).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void shouldNotExploreWhenTheQueryForbidsIt() {
    for (int seed = 0; seed < 50; seed++) {
      Selection selection =
          policy.select(
              request(false, 0.5, llm("a", 0.6, 0.3), llm("b", 0.61, 0.3)), new Random(seed));

      assertThat(selection.chosen()).isEqualTo(1);
      assertThat(selection.propensities()).containsExactly(0, 1);
      assertThat(selection.explored()).isFalse();
    }
  }

  @Test
  void shouldNeverChooseAnIneligibleCandidate() {
    for (int seed = 0; seed < 200; seed++) {
      Selection selection =
          policy.select(
              request(
                  true,
                  0.5,
                  candidate("a", 0.9, 0.3, "draining"),
                  llm("b", 0.2, 0.3),
                  llm("c", 0.1, 0.3)),
              new Random(seed));

      assertThat(selection.chosen()).isNotZero();
      assertThat(selection.propensities()[0]).isZero();
      assertThat(selection.order()).containsExactly(1, 2, 0);
    }
  }

  @Test
  void shouldWeighCostAgainstSuccess() {
    // given a dear candidate that is a little better, and a query to which a cent is worth 0.1
    Candidate dear = new Candidate("dear", 0, 0, 0.65, 0.0, 0.01, Double.NaN, null);
    Candidate cheap = new Candidate("cheap", 0, 0, 0.6, 0.0, 0.001, Double.NaN, null);
    SelectionRequest request =
        new SelectionRequest(List.of(dear, cheap), 0.1, 0, false, false, Double.NaN);

    // when
    Selection selection = policy.select(request, new Random(1));

    // then
    assertThat(selection.chosen()).isEqualTo(1);
  }

  @Test
  void shouldMarkAnExploringChoice() {
    Random random = new Random(2);
    SelectionRequest request = request(true, 0.5, llm("a", 0.9, 0.0), llm("b", 0.1, 0.0));
    boolean seen = false;
    for (int i = 0; i < 100; i++) {
      Selection selection = policy.select(request, random);
      assertThat(selection.explored()).isEqualTo(selection.chosen() == 1);
      seen |= selection.explored();
    }
    assertThat(seen).isTrue();
  }

  private static SelectionRequest request(boolean explore, double floor, Candidate... candidates) {
    return new SelectionRequest(List.of(candidates), 0, 0, false, explore, floor);
  }

  private static Candidate llm(String name, double success, double uncertainty) {
    return candidate(name, success, uncertainty, null);
  }

  private static Candidate candidate(
      String name, double success, double uncertainty, @Nullable String ineligible) {
    return new Candidate(name, 0, 0, success, uncertainty, Double.NaN, Double.NaN, ineligible);
  }
}
