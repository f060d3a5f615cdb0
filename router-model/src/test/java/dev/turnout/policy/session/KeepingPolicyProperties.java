package dev.turnout.policy.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.policy.Candidate;
import dev.turnout.policy.Policies;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.policy.SelectionRequest;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every policy within a conversation. */
class KeepingPolicyProperties {
  private static final int DRAWS = 20_000;

  /** A conversation: any policy, any LLMs, any of them the one that answered last. */
  record Case(
      SelectionPolicy policy,
      SelectionRequest request,
      Incumbent incumbent,
      SwitchingTerms terms,
      long seed) {
    Selection free() {
      return policy.select(request, new SplittableRandom(seed));
    }

    KeepingPolicy keeping() {
      return new KeepingPolicy(policy, incumbent, terms);
    }

    Selection kept() {
      return keeping().select(request, new SplittableRandom(seed));
    }
  }

  private static Arbitrary<Double> number(double most) {
    return Arbitraries.doubles().between(0, most).ofScale(6);
  }

  private static Arbitrary<Double> known(double most) {
    return Arbitraries.oneOf(number(most), number(most), Arbitraries.just(Double.NaN));
  }

  private static Arbitrary<Candidate> candidate() {
    return Combinators.combine(
            number(1),
            number(1),
            number(0.3),
            known(0.05),
            known(5_000),
            Arbitraries.of(0, 0, 0, 1))
        .as(
            (probability, success, uncertainty, cost, latency, drained) ->
                new Candidate(
                    "llm",
                    2 * probability - 1,
                    probability,
                    success,
                    uncertainty,
                    Double.NaN,
                    cost,
                    latency,
                    drained == 1 ? "draining" : null));
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<List<Candidate>> candidates =
        candidate()
            .list()
            .ofMinSize(1)
            .ofMaxSize(7)
            .filter(all -> all.stream().anyMatch(Candidate::eligible));
    Arbitrary<SwitchingTerms> terms =
        Combinators.combine(number(0.2), number(1), number(1)).as(SwitchingTerms::new);
    return candidates.flatMap(
        all ->
            Combinators.combine(
                    Arbitraries.of(Policies.names()).map(Policies::named),
                    request(all),
                    incumbent(all.size()),
                    terms,
                    Arbitraries.longs())
                .as(Case::new));
  }

  private static Arbitrary<SelectionRequest> request(List<Candidate> candidates) {
    return Combinators.combine(number(2), number(2), Arbitraries.of(true, false), known(1))
        .as(
            (cost, latency, explore, floor) ->
                new SelectionRequest(candidates, cost, latency, false, explore, floor));
  }

  private static Arbitrary<Incumbent> incumbent(int size) {
    return Combinators.combine(
            Arbitraries.integers().between(0, size - 1),
            number(100_000),
            known(0.5).array(double[].class).ofSize(size))
        .as(Incumbent::new);
  }

  @Property(tries = 1_000)
  void shouldGivePropensitiesThatSumToOneAndNoneToWhoMayNotAnswer(@ForAll("cases") Case any) {
    // when
    Selection kept = any.kept();

    // then
    List<Candidate> candidates = any.request().candidates();
    assertThat(Arrays.stream(kept.propensities()).sum()).isCloseTo(1, within(1e-9));
    assertThat(kept.propensities()[kept.chosen()]).isPositive();
    assertThat(kept.order())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, candidates.size()).boxed().toList());
    List<Boolean> eligible = kept.order().stream().map(i -> candidates.get(i).eligible()).toList();
    assertThat(eligible.subList(0, eligible.lastIndexOf(true) + 1)).containsOnly(true);
    for (int i = 0; i < candidates.size(); i++) {
      if (!candidates.get(i).eligible()) {
        assertThat(kept.propensities()[i]).isZero();
      }
    }
  }

  @Property(tries = 1_000)
  void shouldMoveProbabilityToTheIncumbentAlone(@ForAll("cases") Case any) {
    // when
    double[] free = any.free().propensities();
    double[] kept = any.kept().propensities();

    // then
    int incumbent = any.incumbent().candidate();
    for (int i = 0; i < kept.length; i++) {
      if (!any.request().candidates().get(incumbent).eligible()) {
        assertThat(kept[i]).isEqualTo(free[i]);
      } else if (i == incumbent) {
        assertThat(kept[i]).isGreaterThanOrEqualTo(free[i] - 1e-12);
      } else {
        assertThat(kept[i]).isIn(0.0, free[i]);
      }
    }
  }

  @Property(tries = 1_000)
  void shouldSwitchOnlyForAGainBeyondTheLeast(@ForAll("cases") Case any) {
    // when
    Selection kept = any.kept();

    // then whatever costs and latencies say, success alone does not suffice below the terms
    int incumbent = any.incumbent().candidate();
    if (kept.chosen() != incumbent
        && any.request().candidates().get(incumbent).eligible()
        && any.request().costWeight() == 0
        && any.request().latencyWeight() == 0) {
      List<Candidate> candidates = any.request().candidates();
      assertThat(
              candidates.get(kept.chosen()).predictedSuccess()
                  - candidates.get(incumbent).predictedSuccess())
          .isGreaterThan(any.terms().gain());
    }
  }

  /** Counts lie within five standard errors; the seed is fixed because one in a million may not. */
  @Property(tries = 25, seed = "11")
  void shouldChooseAsOftenAsThePropensitiesSay(@ForAll("cases") Case any) {
    // given
    double[] expected = any.kept().propensities();
    SplittableRandom random = new SplittableRandom(11);

    // when
    double[] counted = new double[expected.length];
    for (int i = 0; i < DRAWS; i++) {
      counted[any.keeping().select(any.request(), random).chosen()] += 1.0 / DRAWS;
    }

    // then
    for (int i = 0; i < expected.length; i++) {
      double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / DRAWS);
      assertThat(counted[i]).isCloseTo(expected[i], within(5 * deviation + 1e-9));
    }
  }
}
