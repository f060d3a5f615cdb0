package dev.turnout.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BudgetAccountTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final BudgetAccount pacer =
      new BudgetAccount(new BudgetSettings(3.6, 1, 0.5, 100), WINDOW, START);

  @Test
  void shouldRefuseWhatTheBucketDoesNotHoldAndSayWhenItWill() {
    // given a bucket of 1 USD that fills by 0.001 USD a second
    assertThat(pacer.reserve("a", 0.9, START)).isEmpty();

    // when
    Optional<Instant> refused = pacer.reserve("b", 0.2, START);

    // then
    assertThat(refused.orElseThrow())
        .isBetween(START.plusSeconds(100), START.plusSeconds(100).plusMillis(1));
    assertThat(pacer.reserve("b", 0.2, START.plusSeconds(101))).isEmpty();
  }

  @Test
  void shouldAdmitAgainAfterARelease() {
    assertThat(pacer.reserve("a", 0.9, START)).isEmpty();

    pacer.release("a", START);

    assertThat(pacer.reserve("b", 1.0, START)).isEmpty();
    assertThat(pacer.reservedUsd()).isCloseTo(1.0, within(1e-12));
  }

  @Test
  void shouldReplaceAReservationByTheActualCost() {
    assertThat(pacer.reserve("a", 0.9, START)).isEmpty();

    pacer.settle("a", 0.4, START);

    assertThat(pacer.spentUsd()).isEqualTo(0.4);
    assertThat(pacer.freeUsd()).isCloseTo(0.6, within(1e-12));
    assertThat(pacer.inFlight()).isZero();
  }

  @Test
  void shouldNotReserveTwiceForARepeatedQuery() {
    assertThat(pacer.reserve("a", 0.6, START)).isEmpty();
    assertThat(pacer.reserve("a", 0.6, START)).isEmpty();

    assertThat(pacer.reservedUsd()).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void shouldReleaseWhatIsNeverSettled() {
    assertThat(pacer.reserve("lost", 0.9, START)).isEmpty();

    assertThat(pacer.reserve("next", 0.9, START.plus(WINDOW).plusSeconds(1))).isEmpty();
    assertThat(pacer.inFlight()).isEqualTo(1);
  }

  @Test
  void shouldNeverOverspendByMoreThanOneInFlightWindow() {
    for (int seed = 0; seed < 20; seed++) {
      // given queries that arrive far faster than the money, settle late and cost up to twice
      // what was expected
      Random random = new Random(seed);
      BudgetSettings settings = new BudgetSettings(36, 0.5, 0.5, 100);
      BudgetAccount tenant = new BudgetAccount(settings, WINDOW, START);
      ArrayDeque<Flight> flights = new ArrayDeque<>();
      double excessInFlight = 0;
      for (int i = 0; i < 5_000; i++) {
        Instant now = START.plusMillis(100L * i);
        while (!flights.isEmpty() && flights.peekFirst().until().isBefore(now)) {
          Flight flight = flights.pollFirst();
          if (random.nextDouble() < 0.1) {
            tenant.release(flight.id(), now);
          } else {
            tenant.settle(flight.id(), flight.actualUsd(), now);
          }
        }
        double expected = 0.02 * random.nextDouble();
        if (tenant.reserve("q" + i, expected, now).isEmpty()) {
          flights.add(new Flight("q" + i, expected * 2 * random.nextDouble(), now.plusSeconds(3)));
        }
        excessInFlight =
            Math.max(excessInFlight, flights.stream().mapToDouble(Flight::actualUsd).sum());

        // then
        double allowance = settings.burstUsd() + settings.usdPerHour() * 0.1 * i / 3600;
        assertThat(tenant.spentUsd()).isLessThanOrEqualTo(allowance + excessInFlight);
      }
      assertThat(tenant.spentUsd()).isGreaterThan(0.6 * settings.usdPerHour() * 500 / 3600);
    }
  }

  @Test
  void shouldRaiseThePriceUnderPressureAndForgetItAfterwards() {
    assertThat(pacer.price()).isZero();
    for (int i = 0; i < 200; i++) {
      Instant now = START.plusSeconds(i);
      if (pacer.reserve("q" + i, 0.1, now).isEmpty()) {
        pacer.settle("q" + i, 0.1, now);
      }
    }
    double pressed = pacer.price();
    assertThat(pressed).isGreaterThan(0.01);

    assertThat(pacer.reserve("later", 0.0, START.plus(Duration.ofHours(20)))).isEmpty();
    assertThat(pacer.price()).isLessThan(0.01 * pressed);
  }

  @Test
  void shouldRefuseAnEmptyBudget() {
    assertThatThrownBy(() -> BudgetSettings.perHour(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("usdPerHour");
  }

  private record Flight(String id, double actualUsd, Instant until) {}

  @Test
  void shouldGoOnAfterARestartWhereItWas() {
    // given
    pacer.hold("open", 0.3, START.plusSeconds(1));
    pacer.hold("done", 0.2, START.plusSeconds(2));
    pacer.settle("done", 0.25, START.plusSeconds(3));
    pacer.refused(0.5, START.plusSeconds(4));

    // when
    BudgetAccount again =
        new BudgetAccount(new BudgetSettings(3.6, 1, 0.5, 100), WINDOW, pacer.kept());

    // then both go the same way from here
    for (BudgetAccount each : java.util.List.of(pacer, again)) {
      each.settleAsReserved("open", START.plusSeconds(60));
    }
    assertThat(again.kept()).isEqualTo(pacer.kept());
    assertThat(again.spentUsd()).isCloseTo(0.55, within(1e-12));
    assertThat(again.view()).isEqualTo(pacer.view());
  }

  @Test
  void shouldCountWhatWasAdmittedElsewhereEvenBeyondTheBucket() {
    // when
    pacer.hold("a", 0.8, START);
    pacer.hold("b", 0.8, START);

    // then
    assertThat(pacer.freeUsd()).isCloseTo(-0.6, within(1e-12));
    assertThat(pacer.inFlight()).isEqualTo(2);
  }
}
