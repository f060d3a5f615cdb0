package dev.turnout.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LAG = Duration.ofSeconds(5);
  // 0.001 USD a second
  private static final BudgetSettings SETTINGS = new BudgetSettings(3.6, 1, 0.5, 100);

  @Test
  void shouldPromiseTogetherNoMoreThanThereIs() {
    // given four shares of a full budget
    double promised = 0;
    for (int i = 0; i < 4; i++) {
      promised += new Allowance(SETTINGS, 0.25, LAG, START).availableUsd(START);
    }

    // then
    assertThat(promised).isCloseTo(1, within(1e-12));
  }

  @Test
  void shouldPromiseLessAsSoonAsThereAreMoreShares() {
    // given a half of a full budget, on which was drawn
    Allowance allowance = new Allowance(SETTINGS, 0.5, LAG, START);
    allowance.draw(0.125, START);

    // when there are four shares
    allowance.changeShare(0.25);

    // then
    assertThat(allowance.availableUsd(START)).isCloseTo(0.125, within(1e-12));
  }

  @Test
  void shouldSurviveAStateFromBeforeThereWerePeople() {
    Allowance allowance = new Allowance(SETTINGS, 1, LAG, START);
    allowance.observe(new BudgetView(0.5, 0, Instant.ofEpochMilli(Long.MIN_VALUE)));

    assertThat(allowance.availableUsd(START)).isEqualTo(1);
    assertThat(allowance.availableUsd(Instant.ofEpochMilli(Long.MIN_VALUE))).isEqualTo(0.5);
  }

  @Test
  void shouldTakeOffWhatWasDrawnUntilTheOwnerHasSurelyCountedIt() {
    // given
    Allowance allowance = new Allowance(SETTINGS, 1, LAG, START);
    allowance.draw(0.3, START.plusSeconds(1));

    // when the owner speaks of a moment shortly after, it counts twice
    allowance.observe(new BudgetView(0.7, 0, START.plusSeconds(2)));
    assertThat(allowance.availableUsd(START.plusSeconds(2))).isCloseTo(0.4, within(1e-12));

    // when it speaks of a later one, it counts once
    allowance.observe(new BudgetView(0.7, 0, START.plusSeconds(7)));
    assertThat(allowance.availableUsd(START.plusSeconds(7))).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void shouldTakeTheOwnersFirstWordHoweverOldItIs() {
    // given a router that starts a minute after the last movement of an empty budget
    Allowance allowance = new Allowance(SETTINGS, 1, LAG, START.plusSeconds(60));

    // when
    allowance.observe(new BudgetView(0, 0, START));

    // then it has what has flowed in since, not a full budget
    assertThat(allowance.availableUsd(START.plusSeconds(60))).isCloseTo(0.06, within(1e-12));
  }

  @Test
  void shouldNotGoBackToAnEarlierWord() {
    // given
    Allowance allowance = new Allowance(SETTINGS, 1, LAG, START);
    allowance.observe(new BudgetView(0.1, 2, START.plusSeconds(10)));

    // when
    allowance.observe(new BudgetView(0.9, 0, START.plusSeconds(5)));

    // then
    assertThat(allowance.availableUsd(START.plusSeconds(10))).isCloseTo(0.1, within(1e-12));
    assertThat(allowance.price()).isEqualTo(2);
  }

  @Test
  void shouldGoOnPacingWhileTheOwnerIsSilent() {
    // given
    Allowance allowance = new Allowance(SETTINGS, 1, LAG, START);
    double drawn = 0;

    // when an hour passes without a word and every cent is asked for
    for (int second = 0; second <= 3_600; second++) {
      Instant now = START.plusSeconds(second);
      if (allowance.availableUsd(now) >= 0.01) {
        allowance.draw(0.01, now);
        drawn += 0.01;
      }
    }

    // then it never draws more than was there when it was last told
    assertThat(drawn).isLessThanOrEqualTo(1 + 1e-9);
  }

  @Test
  void shouldGoByAnotherBudgetFromTheMomentItChanges() {
    // given two, of which one has the owner's word
    Allowance fresh = new Allowance(SETTINGS, 0.5, LAG, START);
    Allowance told = new Allowance(SETTINGS, 0.5, LAG, START);
    told.observe(new BudgetView(0.8, 0, START));
    fresh.draw(0.1, START);
    told.draw(0.1, START);

    // when
    fresh.change(new BudgetSettings(36, 2, 0.5, 100));
    told.change(new BudgetSettings(36, 2, 0.5, 100));

    // then what was drawn stays drawn, and money flows at the new rate up to the new burst
    assertThat(fresh.availableUsd(START)).isCloseTo(0.9, within(1e-12));
    assertThat(told.availableUsd(START)).isCloseTo(0.3, within(1e-12));
    assertThat(told.availableUsd(START.plusSeconds(100))).isCloseTo(0.8, within(1e-12));
    assertThat(told.availableUsd(START.plusSeconds(1_000))).isCloseTo(0.9, within(1e-12));
  }

  @Test
  void shouldNotOverspendByMoreThanOneInFlightWindow() {
    // given an owner that hears of draws and costs late, and routers that hear of the owner late
    Random random = new Random(7);
    int routers = 3;
    BudgetAccount owner =
        new BudgetAccount(SETTINGS, Duration.ofMinutes(2), START, new HeldReservations());
    List<Allowance> allowances = new ArrayList<>();
    for (int i = 0; i < routers; i++) {
      allowances.add(new Allowance(SETTINGS, 1.0 / routers, LAG, START));
    }
    record Late(long due, Runnable effect) {}
    ArrayDeque<Late> toOwner = new ArrayDeque<>();
    ArrayDeque<Late> toRouters = new ArrayDeque<>();
    PriorityQueue<Late> outcomes = new PriorityQueue<>(Comparator.comparingLong(Late::due));
    double[] admitted = {0};
    double cost = 0.004;

    // when far more is asked for than the budget pays, for half an hour in steps of 100 ms
    for (int step = 0; step < 18_000; step++) {
      long now = step;
      Instant time = START.plusMillis(100L * step);
      while (!toOwner.isEmpty() && toOwner.getFirst().due() <= now) {
        toOwner.removeFirst().effect().run();
      }
      while (!outcomes.isEmpty() && outcomes.element().due() <= now) {
        outcomes.remove().effect().run();
      }
      while (!toRouters.isEmpty() && toRouters.getFirst().due() <= now) {
        toRouters.removeFirst().effect().run();
      }
      Allowance router = allowances.get(random.nextInt(routers));
      if (router.availableUsd(time) >= cost) {
        router.draw(cost, time);
        admitted[0] += cost;
        String id = "q" + step;
        toOwner.addLast(new Late(now + 10, () -> owner.reserve(id, cost, time)));
        int answered = 20 + random.nextInt(100);
        outcomes.add(
            new Late(
                now + answered,
                () -> owner.settle(id, cost, START.plusMillis(100L * (now + answered)))));
      } else {
        toOwner.addLast(new Late(now + 10, () -> owner.refuse(cost, time)));
      }
      if (step % 5 == 0) {
        toRouters.addLast(
            new Late(
                now + 5,
                new Runnable() {
                  private final BudgetView word =
                      new BudgetView(owner.freeUsd(), owner.price(), owner.latest());

                  @Override
                  public void run() {
                    allowances.forEach(each -> each.observe(word));
                  }
                }));
      }

      // then never more than flowed in, beyond what one in-flight window may hold
      double flowed = 1 + 3.6 * step / 36_000;
      assertThat(admitted[0]).isLessThanOrEqualTo(flowed + 0.05);
    }

    // then nearly all that flowed in was spent, and money has become dear
    assertThat(admitted[0]).isGreaterThan(0.85 * (1 + 1.8));
    assertThat(owner.spentUsd()).isLessThanOrEqualTo(admitted[0] + 1e-9);
    assertThat(owner.price()).isPositive();
  }
}
