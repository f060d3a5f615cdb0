package dev.turnout.offpolicy.savings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.savings.SavingsReport.PartSavings;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SavingsTest {
  private static final List<String> PAIR = List.of("dear", "cheap");

  @ParameterizedTest(name = "{0} queries, deviation {1} of log cost, {2} explored")
  @CsvSource({"2000,0.3,0.02", "2000,0.8,0.1", "4000,1.2,0.02", "4000,1.2,0.1", "500,0.3,0.1"})
  void shouldCoverTheTruthOnAHundredStreams(int queries, double skew, double floor) {
    // given streams whose every answer is known, with skewed costs and LLMs that are rarely asked
    int streams = 100;
    int best = 0;
    int named = 0;
    int random = 0;
    int llms = 0;
    int parts = 0;
    for (int seed = 0; seed < streams; seed++) {
      PlantedTraffic planted = new PlantedTraffic(queries, skew, floor, new Random(seed));

      // when
      SavingsReport report = Savings.of(planted.traffic);

      // then
      Alternative single = requireNonNull(report.best());
      best += covers(report.savedUsd(), planted.saved(planted.best()));
      named += covers(single.savedUsd(), planted.saved(index(single.name())));
      random += covers(requireNonNull(report.random()).savedUsd(), planted.savedAtRandom());
      for (Alternative llm : report.llms()) {
        llms += covers(llm.savedUsd(), planted.saved(index(llm.name())));
        llms += covers(llm.reward(), planted.reward[index(llm.name())] / queries);
      }
      for (PartSavings part : report.tenants()) {
        parts += covers(part.savedUsd(), planted.saved(requireNonNull(part.tenant())));
      }
    }
    assertThat(best / (double) streams).as("best single").isGreaterThanOrEqualTo(0.9);
    assertThat(named / (double) streams).as("named LLM").isGreaterThanOrEqualTo(0.9);
    assertThat(random / (double) streams).as("random").isGreaterThanOrEqualTo(0.88);
    assertThat(llms / 12.0 / streams).as("every LLM").isGreaterThanOrEqualTo(0.92);
    assertThat(parts / 3.0 / streams).as("tenants").isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void shouldKnowToTheDigitWhatWasCertain() {
    // given an LLM that every query went to with certainty
    RoutedTraffic traffic = new RoutedTraffic(10);
    for (int i = 0; i < 10; i++) {
      traffic.add(choice("a", 0, new double[] {1, 0}, 0, 0.5, 0.25));
    }

    // when
    SavingsReport report = Savings.of(traffic);

    // then nothing is saved against it and nothing is uncertain, and the other cannot be judged
    assertThat(requireNonNull(report.best()).name()).isEqualTo("dear");
    assertThat(report.rivals()).isEmpty();
    assertThat(requireNonNull(report.savedUsd()).lower()).isZero();
    assertThat(requireNonNull(report.savedUsd()).upper()).isZero();
    assertThat(report.costUsd()).isEqualTo(2.5);
    assertThat(report.llms()).extracting(Alternative::name).containsExactly("dear");
  }

  @Test
  void shouldEstimateAHandWorkedLog() {
    // given the dear LLM asked of a quarter of the queries: 1 of reward, 4 USD; the cheap one: 0, 1
    RoutedTraffic traffic = new RoutedTraffic(10);
    for (int i = 0; i < 400; i++) {
      double[] propensities = {0.25, 0.75};
      traffic.add(
          i % 4 == 0
              ? choice("a", 0, propensities, 0, 1, 4)
              : choice("a", 0, propensities, 1, 0, 1));
    }

    // when
    SavingsReport report = Savings.of(traffic);

    // then 1600 USD against the 700 of the routing, which is what a draw at equal cost earns
    assertThat(requireNonNull(report.best()).costUsd().value()).isCloseTo(1600, within(1e-6));
    assertThat(report.best().savedUsd().value()).isCloseTo(900, within(1e-6));
    assertThat(requireNonNull(report.cheapest()).name()).isEqualTo("cheap");
    assertThat(report.cheapest().savedUsd().value()).isCloseTo(-300, within(1e-6));
    assertThat(requireNonNull(report.random()).costUsd().value()).isCloseTo(1000, within(1e-6));
    EqualCost equal = requireNonNull(report.equalCost());
    assertThat(equal.share()).isCloseTo(0.25, within(1e-9));
    assertThat(equal.gainedReward().value()).isCloseTo(0, within(1e-9));
  }

  @Test
  void shouldTakeNoLlmForTheBestThatCouldSeldomAnswer() {
    // given one that a tenth of the queries could go to
    RoutedTraffic traffic = new RoutedTraffic(10);
    for (int i = 0; i < 200; i++) {
      double[] propensities = i % 10 == 0 ? new double[] {0.5, 0.5} : new double[] {0, 1};
      int llm = i % 20 == 0 ? 0 : 1;
      traffic.add(choice("a", 0, propensities, llm, llm == 0 ? 1 : 0.5, 1));
    }

    // when
    SavingsReport report = Savings.of(traffic);

    // then
    assertThat(requireNonNull(report.best()).name()).isEqualTo("cheap");
    assertThat(report.rivals()).isEmpty();
    assertThat(report.llms().get(0).name()).isEqualTo("dear");
    assertThat(report.llms().get(0).possible()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void shouldSayTheSameOfDaysAndOfTheirSum() {
    // given a traffic, once as a whole and once as two days
    RoutedTraffic whole = new RoutedTraffic(10);
    RoutedTraffic days = new RoutedTraffic(10);
    for (int day = 0; day < 2; day++) {
      RoutedTraffic one = new RoutedTraffic(10);
      Random random = new Random(day);
      for (int i = 0; i < 300; i++) {
        int llm = random.nextInt(2);
        PricedChoice choice =
            choice("t" + i % 3, i % 2, new double[] {0.5, 0.5}, llm, random.nextDouble(), 1 + llm);
        one.add(choice);
        whole.add(choice);
      }
      days.add(one);
    }

    // then
    Estimate expected = requireNonNull(Savings.of(whole).savedUsd());
    Estimate actual = requireNonNull(Savings.of(days).savedUsd());
    assertThat(actual.lower()).isCloseTo(expected.lower(), within(1e-9));
    assertThat(actual.upper()).isCloseTo(expected.upper(), within(1e-9));
  }

  @Test
  void shouldKeepTotalsWholeWhenTenantsFindNoRoom() {
    // given room for two
    RoutedTraffic traffic = new RoutedTraffic(2);

    // when
    for (int i = 0; i < 100; i++) {
      traffic.add(choice("t" + i % 10, 3, new double[] {0.5, 0.5}, i % 2, 1, 1));
    }

    // then
    SavingsReport report = Savings.of(traffic);
    assertThat(report.choices()).isEqualTo(100);
    assertThat(report.costUsd()).isEqualTo(100);
    assertThat(report.tenants())
        .extracting(PartSavings::tenant)
        .containsExactlyInAnyOrder("t0", "t1", RoutedTraffic.OTHERS);
  }

  @Test
  void shouldSayNothingOfNothing() {
    SavingsReport report = Savings.of(new RoutedTraffic(1));

    assertThat(report.best()).isNull();
    assertThat(report.savedUsd()).isNull();
    assertThat(report.random()).isNull();
    assertThat(report.parts()).isEmpty();
  }

  @Test
  void shouldRefuseAChoiceThatCouldNotBe() {
    assertThatThrownBy(() -> choice("a", 0, new double[] {0, 1}, 0, 1, 1))
        .hasMessageContaining("propensity in (0, 1]");
    assertThatThrownBy(() -> choice("a", 0, new double[] {1, 0}, 0, 1, Double.NaN))
        .hasMessageContaining("cost must be");
  }

  private static PricedChoice choice(
      String tenant, int cell, double[] propensities, int llm, double reward, double costUsd) {
    return new PricedChoice(tenant, cell, PAIR, propensities, llm, reward, costUsd);
  }

  private static int covers(@Nullable Estimate estimate, double truth) {
    return requireNonNull(estimate).covers(truth) ? 1 : 0;
  }

  private static int index(String llm) {
    return PlantedTraffic.LLMS.indexOf(llm);
  }
}
