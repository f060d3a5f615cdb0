package dev.turnout.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetAccountTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(5);

  /** A bucket of 1 USD that fills by 0.001 USD a second. */
  private static final BudgetSettings SETTINGS = BudgetSettings.of(3.6, 1);

  private final HeldReservations reservations = new HeldReservations();
  private final BudgetAccount account = new BudgetAccount(SETTINGS, WINDOW, START, reservations);

  /** Reserves where it is free, as a router does. */
  private static boolean admit(BudgetAccount account, String id, double usd, Instant now) {
    account.release("none", now);
    if (usd > account.freeUsd()) {
      account.refuse(usd - account.freeUsd(), now);
      return false;
    }
    account.reserve(id, usd, now);
    return true;
  }

  @Test
  void shouldFillWithTimeUpToTheBurst() {
    // given
    account.settle("a", 0.9, START);

    // when, then
    account.release("none", START.plusSeconds(100));
    assertThat(account.freeUsd()).isCloseTo(0.2, within(1e-12));
    account.release("none", START.plusSeconds(10_000));
    assertThat(account.freeUsd()).isCloseTo(1, within(1e-12));
  }

  @Test
  void shouldGiveBackWhatIsReleased() {
    // given
    account.reserve("a", 0.9, START);

    // when
    account.release("a", START);

    // then
    assertThat(account.freeUsd()).isCloseTo(1.0, within(1e-12));
    assertThat(reservations.all).isEmpty();
  }

  @Test
  void shouldReplaceAReservationByTheActualCost() {
    // given
    account.reserve("a", 0.9, START);

    // when
    account.settle("a", 0.4, START);

    // then
    assertThat(account.spentUsd()).isEqualTo(0.4);
    assertThat(account.freeUsd()).isCloseTo(0.6, within(1e-12));
    assertThat(account.inFlight()).isZero();
  }

  @Test
  void shouldNotReserveTwiceForARepeatedQuery() {
    // when
    account.reserve("a", 0.6, START);
    account.reserve("a", 0.6, START);

    // then
    assertThat(account.reservedUsd()).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void shouldReleaseWhatIsNeverSettled() {
    // given
    account.reserve("lost", 0.9, START);

    // when
    account.reserve("next", 0.7, START.plus(WINDOW).plusSeconds(1));

    // then
    assertThat(account.reservedUsd()).isEqualTo(0.7);
    assertThat(reservations.all).containsOnlyKeys("next");
  }

  @Test
  void shouldNeverOverspendByMoreThanOneInFlightWindow() {
    for (int seed = 0; seed < 20; seed++) {
      // given queries that arrive far faster than the money, settle late and cost up to twice
      // what was expected
      Random random = new Random(seed);
      BudgetSettings settings = BudgetSettings.of(36, 0.5);
      BudgetAccount tenant = new BudgetAccount(settings, WINDOW, START, new HeldReservations());
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
        if (admit(tenant, "q" + i, expected, now)) {
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
    // when
    assertThat(account.price()).isZero();
    for (int i = 0; i < 200; i++) {
      Instant now = START.plusSeconds(i);
      if (admit(account, "q" + i, 0.1, now)) {
        account.settle("q" + i, 0.1, now);
      }
    }

    // then
    double pressed = account.price();
    assertThat(pressed).isGreaterThan(0.01);
    account.release("none", START.plus(Duration.ofHours(20)));
    assertThat(account.price()).isLessThan(0.01 * pressed);
  }

  @Test
  void shouldGoOnAfterARestartWhereItWasToTheBit() {
    // given sums that depend on their order
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      account.reserve("q" + random.nextInt(50), random.nextDouble(), START.plusSeconds(i));
      account.settle("q" + random.nextInt(50), random.nextDouble(), START.plusSeconds(i));
    }
    account.refuse(0.5, START.plusSeconds(100));
    HeldReservations copied = new HeldReservations();
    copied.all.putAll(reservations.all);

    // when
    BudgetAccount again = new BudgetAccount(account.snapshot(), WINDOW, copied);

    // then both go the same way from here, through what is settled, replaced and out of time
    for (BudgetAccount each : List.of(account, again)) {
      each.settleAsReserved("q7", START.plusSeconds(110));
      each.reserve("q8", 0.1, START.plusSeconds(110));
      each.release("q9", START.plusSeconds(370));
    }
    assertThat(account.inFlight()).isPositive();
    assertThat(again.snapshot()).isEqualTo(account.snapshot());
    assertThat(copied.all).isEqualTo(reservations.all);
  }

  @Test
  void shouldCountWhatWasAdmittedElsewhereEvenBeyondTheBucket() {
    // when
    account.reserve("a", 0.8, START);
    account.reserve("b", 0.8, START);

    // then
    assertThat(account.freeUsd()).isCloseTo(-0.6, within(1e-12));
    assertThat(account.inFlight()).isEqualTo(2);
  }

  @Test
  void shouldFlowAtTheOldRateUntilTheBudgetChangesAndAtTheNewOneFromThen() {
    // given
    account.settle("a", 0.9, START);

    // when the rate is tenfold after 100 s, 100 s before this
    account.change(BudgetSettings.of(36, 10), START.plusSeconds(100));
    account.release("none", START.plusSeconds(200));

    // then nothing spent is forgiven, and the larger burst fills with time
    assertThat(account.freeUsd()).isCloseTo(0.1 + 0.1 + 1, within(1e-12));
    assertThat(account.spentUsd()).isEqualTo(0.9);
  }

  @Test
  void shouldCutTheBucketOffWhenTheBurstBecomesSmaller() {
    // given
    account.reserve("a", 0.3, START);

    // when
    account.change(BudgetSettings.of(3.6, 0.2), START);

    // then what is reserved stays reserved
    assertThat(account.freeUsd()).isCloseTo(0.2, within(1e-12));
    assertThat(account.reservedUsd()).isEqualTo(0.3);
  }

  @Test
  void shouldNotChargeACostFromBeforeTheBudgetBegan() {
    // given
    account.reserve("known", 0.1, START);

    // when
    account.settle("stranger", 0.4, START.minusMillis(1));
    account.settle("known", 0.2, START.minusMillis(1));
    account.settle("later", 0.05, START);

    // then
    assertThat(account.spentUsd()).isEqualTo(0.25);
  }

  @Test
  void shouldLeaveNoReservationWhenItIsClosed() {
    // given
    account.reserve("a", 0.3, START);

    // when
    account.close();

    // then
    assertThat(reservations.all).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldMoveNoAmountThatCannotBe(double usd) {
    // given
    account.reserve("a", 0.3, START);
    BudgetSnapshot before = account.snapshot();

    // when, then
    assertThatThrownBy(() -> account.settle("a", usd, START)).hasMessageContaining("" + usd);
    assertThatThrownBy(() -> account.reserve("a", usd, START)).hasMessageContaining("" + usd);
    assertThatThrownBy(() -> account.refuse(usd, START)).hasMessageContaining("" + usd);
    assertThat(account.snapshot()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldRefuseABudgetThatCannotBe(double usd) {
    assertThatThrownBy(() -> BudgetSettings.perHour(usd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("usdPerHour")
        .hasMessageContaining("" + usd);
  }

  private record Flight(String id, double actualUsd, Instant until) {}
}
