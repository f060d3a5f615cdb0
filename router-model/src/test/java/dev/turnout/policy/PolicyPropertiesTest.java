package dev.turnout.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every policy, checked on random requests. */
class PolicyPropertiesTest {
  private static final int REQUESTS = 300;
  private static final int DRAWS = 20_000;

  static Stream<SelectionPolicy> policies() {
    return Policies.names().stream()
        .map(Policies::named)
        .flatMap(policy -> Stream.of(policy, new ExplorationFloor(policy, 0.1)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldGivePropensitiesThatSumToOne(SelectionPolicy policy) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < REQUESTS; i++) {
      SelectionRequest request = request(random);

      Selection selection = policy.select(request, random);

      assertThat(Arrays.stream(selection.propensities()).sum()).isCloseTo(1, within(1e-9));
      assertThat(selection.propensities()).hasSameSizeAs(request.candidates());
      assertThat(selection.propensities()[selection.chosen()]).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldNeverChooseAnIneligibleLlm(SelectionPolicy policy) {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < REQUESTS; i++) {
      SelectionRequest request = request(random);

      Selection selection = policy.select(request, random);

      for (int t = 0; t < request.candidates().size(); t++) {
        if (!request.candidates().get(t).eligible()) {
          assertThat(selection.propensities()[t]).isZero();
        }
      }
      assertThat(request.candidates().get(selection.chosen()).eligible()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldRankEveryCandidateWithIneligibleOnesLast(SelectionPolicy policy) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < REQUESTS; i++) {
      SelectionRequest request = request(random);

      List<Integer> order = policy.select(request, random).order();

      assertThat(order)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, request.candidates().size()).boxed().toList());
      List<Boolean> eligible =
          order.stream().map(t -> request.candidates().get(t).eligible()).toList();
      assertThat(eligible.subList(0, eligible.lastIndexOf(true) + 1)).containsOnly(true);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldChooseAsOftenAsThePropensitiesSay(SelectionPolicy policy) {
    SplittableRandom random = new SplittableRandom(4);
    SelectionRequest request = request(random);
    double[] expected = policy.select(request, random).propensities();
    double[] counted = new double[expected.length];
    for (int i = 0; i < DRAWS; i++) {
      counted[policy.select(request, random).chosen()] += 1.0 / DRAWS;
    }

    for (int t = 0; t < expected.length; t++) {
      double deviation = Math.sqrt(expected[t] * (1 - expected[t]) / DRAWS);
      assertThat(counted[t]).isCloseTo(expected[t], within(5 * deviation + 1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldRepeatItselfFromTheSameSeed(SelectionPolicy policy) {
    SelectionRequest request = request(new SplittableRandom(5));

    Selection first = policy.select(request, new SplittableRandom(6));
    Selection second = policy.select(request, new SplittableRandom(6));

    assertThat(second.chosen()).isEqualTo(first.chosen());
    assertThat(second.order()).isEqualTo(first.order());
    assertThat(second.propensities()).containsExactly(first.propensities());
  }

  private static SelectionRequest request(SplittableRandom random) {
    int size = random.nextInt(2, 9);
    int certain = random.nextInt(size);
    double[] shares = IntStream.range(0, size).mapToDouble(t -> random.nextDouble()).toArray();
    double sum = Arrays.stream(shares).sum();
    List<Candidate> candidates = new ArrayList<>();
    for (int t = 0; t < size; t++) {
      @Nullable String reason = t != certain && random.nextInt(4) == 0 ? "draining" : null;
      candidates.add(
          new Candidate(
              "llm-" + t,
              random.nextDouble(-1, 1),
              shares[t] / sum,
              random.nextDouble(),
              random.nextDouble(0.2),
              random.nextInt(3) == 0 ? Double.NaN : random.nextDouble(),
              random.nextInt(3) == 0 ? Double.NaN : random.nextDouble(0.01),
              random.nextInt(3) == 0 ? Double.NaN : random.nextDouble(5000),
              reason));
    }
    return new SelectionRequest(
        candidates,
        random.nextInt(2) * random.nextDouble(),
        random.nextInt(2) * random.nextDouble(),
        random.nextBoolean(),
        true);
  }
}
