package dev.turnout.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class SupervisedLoopTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private volatile Instant now = START;

  private SupervisedLoop.Pacing pacing(SupervisedLoop.Pause pause) {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        };
    return new SupervisedLoop.Pacing(Duration.ofSeconds(7), Duration.ofMillis(200), clock, pause);
  }

  private SupervisedLoop.Pacing unpaused() {
    return pacing((backOff, closing) -> pauses.add(backOff));
  }

  /** Takes the turn that is due and counts how often it was closed. */
  private LoopBody body(LoopBody turn) {
    return new LoopBody() {
      @Override
      public void turn() throws Exception {
        turn.turn();
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(1);
    }
  }

  @Test
  void shouldGoOnAfterAnErrorAndTellOfItUntilItIsOver() throws Exception {
    // given a body that throws an Error twice, and waits for leave to recover
    CountDownLatch recover = new CountDownLatch(1);
    LoopBody body =
        body(
            () -> {
              int turn = turns.incrementAndGet();
              if (turn <= 2) {
                throw new NoClassDefFoundError("gone " + turn);
              }
              boolean unusedWaited = recover.await(20, TimeUnit.SECONDS);
            });

    // when
    try (SupervisedLoop loop = SupervisedLoop.start("folding", body, unpaused())) {
      await(() -> turns.get() == 3);

      // then it is alive, failing, and has waited after each
      assertThat(loop.state().alive()).isTrue();
      assertThat(loop.state().failingSince()).isEqualTo(START);
      assertThat(loop.state().lastError()).contains("NoClassDefFoundError: gone 2");
      assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));

      // when
      now = START.plusSeconds(100);
      recover.countDown();

      // then
      await(() -> loop.state().failingSince() == null);
      assertThat(loop.state().progressAt()).isEqualTo(now);
      assertThat(loop.state().problem(now)).isNull();
    }
    assertThat(closed).hasValue(1);
  }

  @Test
  void shouldEndAtOnceWhileItPauses() throws Exception {
    // given a loop in a back-off of an hour
    CountDownLatch pausing = new CountDownLatch(1);
    SupervisedLoop.Pause hour =
        (backOff, closing) -> {
          pausing.countDown();
          boolean unusedClosed = closing.await(1, TimeUnit.HOURS);
        };
    LoopBody body =
        body(
            () -> {
              throw new KafkaException("away");
            });
    SupervisedLoop loop = SupervisedLoop.start("waiting", body, pacing(hour));
    assertThat(pausing.await(20, TimeUnit.SECONDS)).isTrue();

    // when
    loop.close();

    // then
    assertThat(loop.state().alive()).isFalse();
    assertThat(loop.state().problem(now))
        .isEqualTo("waiting has ended: " + new KafkaException("away"));
    assertThat(closed).hasValue(1);
  }

  @Test
  void shouldWakeTheBodyAndInterruptWhatDoesNotWake() throws Exception {
    // given one body that wakes up and one that only an interrupt ends
    CountDownLatch woken = new CountDownLatch(1);
    LoopBody waking =
        new LoopBody() {
          @Override
          public void turn() throws InterruptedException {
            turns.incrementAndGet();
            woken.await();
            throw new WakeupException();
          }

          @Override
          public void wakeUp() {
            woken.countDown();
          }
        };
    LoopBody deaf =
        body(
            () -> {
              turns.incrementAndGet();
              new CountDownLatch(1).await();
            });
    SupervisedLoop first = SupervisedLoop.start("waking", waking, unpaused());
    SupervisedLoop second = SupervisedLoop.start("deaf", deaf, unpaused());
    await(() -> turns.get() == 2);

    // when
    first.close();
    second.close();

    // then
    assertThat(first.state().alive()).isFalse();
    assertThat(second.state().alive()).isFalse();
    assertThat(pauses).isEmpty();
    assertThat(closed).hasValue(1);
  }

  @Test
  void shouldSurviveAnInterruptThatIsNotItsEnd() throws Exception {
    // given a turn that is interrupted as Kafka's clients are, which sets the flag again
    List<Boolean> flags = new CopyOnWriteArrayList<>();
    LoopBody body =
        body(
            () -> {
              flags.add(Thread.currentThread().isInterrupted());
              if (turns.incrementAndGet() == 1) {
                throw new InterruptException("by nobody in charge");
              }
            });

    // when
    try (SupervisedLoop loop = SupervisedLoop.start("interrupted", body, unpaused())) {
      await(() -> turns.get() > 2);

      // then
      assertThat(loop.state().alive()).isTrue();
      assertThat(flags).doesNotContain(true);
    }
  }

  @Test
  void shouldFinishWhatIsUnderWayBeforeItEnds() {
    // given
    AtomicInteger left = new AtomicInteger(3);
    LoopBody body =
        new LoopBody() {
          private volatile boolean closing;

          @Override
          public void turn() {
            if (closing) {
              left.decrementAndGet();
            }
          }

          @Override
          public void wakeUp() {
            closing = true;
          }

          @Override
          public boolean unfinished() {
            return left.get() > 0;
          }
        };
    SupervisedLoop loop = SupervisedLoop.start("draining", body, unpaused());

    // when
    loop.close();

    // then
    assertThat(left).hasValueLessThanOrEqualTo(0);
  }

  @Test
  void shouldOpenABodyAnewAfterEveryFailure() throws Exception {
    // given bodies of which the first fails
    List<String> events = new CopyOnWriteArrayList<>();
    AtomicInteger opened = new AtomicInteger();
    LoopBody body =
        LoopBody.reopened(
            () -> {
              int number = opened.incrementAndGet();
              return new LoopBody() {
                @Override
                public void turn() {
                  turns.incrementAndGet();
                  if (number == 1) {
                    throw new IllegalStateException("broken");
                  }
                }

                @Override
                public void close() {
                  events.add("closed " + number);
                }
              };
            });

    // when
    SupervisedLoop loop = SupervisedLoop.start("reopening", body, unpaused());
    await(() -> turns.get() > 2);
    loop.close();

    // then
    assertThat(opened).hasValue(2);
    assertThat(events).containsExactly("closed 1", "closed 2");
  }

  @Test
  void shouldCallALoopAProblemOnceItHasFailedOrStoodStillTooLong() {
    // given
    LoopState failing = new LoopState("a", true, START, START.plusSeconds(10), "away");
    LoopState still = new LoopState("b", true, START, null, null);
    LoopState ended = new LoopState("c", false, START, null, null);
    Instant soon = START.plus(LoopState.TOLERATED);
    Instant late = soon.plusSeconds(11);

    // then
    assertThat(LoopHealth.of(List.of(failing, still), soon))
        .isEqualTo(new LoopHealth(true, true, List.of()));
    assertThat(LoopHealth.of(List.of(failing, still), late))
        .isEqualTo(
            new LoopHealth(
                true,
                false,
                List.of(
                    "a has been failing since 2026-01-01T00:00:10Z: away",
                    "b has made no progress since 2026-01-01T00:00:00Z")));
    assertThat(LoopHealth.of(List.of(ended), START))
        .isEqualTo(new LoopHealth(false, false, List.of("c has ended")));
  }
}
