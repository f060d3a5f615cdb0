package dev.turnout.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A budget under any sequence of admissions, settlements, failures, pauses and restarts. */
class BudgetAccountProperties {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final BudgetSettings SETTINGS = new BudgetSettings(36, 0.5, 0.5, 100);

  enum Kind {
    RESERVE,
    SETTLE,
    SETTLE_AS_RESERVED,
    RELEASE,
    RESTART
  }

  /** One thing that happens to the budget, some time after the one before. */
  record Step(Kind kind, int query, double usd, long milliseconds) {}

  /** Money reserved, and when: what a plain reader of the contract would note down. */
  private record Open(double usd, Instant at) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(0, 5),
            Arbitraries.doubles().between(0, 0.4).ofScale(6),
            Arbitraries.longs().between(-1_000, 20_000))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 1_000)
  void shouldHoldWhatIsOpenAndSpendNoMoreThanFlowedIn(@ForAll("steps") List<Step> steps) {
    HeldReservations held = new HeldReservations();
    BudgetAccount account = new BudgetAccount(SETTINGS, WINDOW, START, held);
    Map<Integer, Open> open = new HashMap<>();
    Instant now = START;
    double excess = 0;
    double spent = 0;
    for (Step step : steps) {
      if (step.kind() == Kind.RESTART) {
        account = new BudgetAccount(account.snapshot(), WINDOW, held);
        continue;
      }
      // given
      Instant claimed = now.plusMillis(step.milliseconds());
      now = claimed.isAfter(now) ? claimed : now;
      expire(open, now);

      // when
      String id = "q" + step.query();
      Open before = open.get(step.query());
      double reserved = before == null ? 0 : before.usd();
      switch (step.kind()) {
        case RESERVE -> {
          double missing = step.usd() - account.freeUsd();
          if (missing <= 0) {
            account.reserve(id, step.usd(), claimed);
            open.remove(step.query());
            if (step.usd() > 0) { // what costs nothing reserves nothing
              open.put(step.query(), new Open(step.usd(), now));
            }
          } else {
            account.refuse(missing, claimed);
          }
        }
        case SETTLE -> {
          open.remove(step.query());
          account.settle(id, step.usd(), claimed);
          if (before != null || !claimed.isBefore(START)) {
            spent += step.usd();
            excess += Math.max(0, step.usd() - reserved);
          }
        }
        case SETTLE_AS_RESERVED -> {
          open.remove(step.query());
          account.settleAsReserved(id, claimed);
          spent += reserved;
        }
        default -> {
          open.remove(step.query());
          account.release(id, claimed);
        }
      }

      // then
      double sum = open.values().stream().mapToDouble(Open::usd).sum();
      assertThat(account.inFlight()).isEqualTo(open.size());
      assertThat(account.reservedUsd()).isCloseTo(sum, within(1e-9));
      assertThat(account.spentUsd()).isCloseTo(spent, within(1e-9));
      assertThat(account.price()).isBetween(0.0, SETTINGS.maxPrice());
      double flowed = SETTINGS.usdPerHour() * Duration.between(START, now).toMillis() / 3_600_000.0;
      assertThat(spent + sum).isLessThanOrEqualTo(SETTINGS.burstUsd() + flowed + excess + 1e-9);
    }
  }

  private static void expire(Map<Integer, Open> open, Instant now) {
    for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
      if (each.next().at().isBefore(now.minus(WINDOW))) {
        each.remove();
      }
    }
  }
}
