package dev.turnout.learner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.learner.LearnerMetrics;
import dev.turnout.router.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundJobTest {
  private final SetClock clock = new SetClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BackgroundJob trainer =
      new BackgroundJob(Duration.ofMinutes(10), clock, new LearnerMetrics(meters));
  private final List<String> results = new ArrayList<>();

  @AfterEach
  void close() {
    trainer.close();
  }

  private double ended(String how) {
    return meters.counter("turnout.learner.computed", "how", how).count();
  }

  private void awaitIdle() throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!trainer.idle() && System.nanoTime() < end) {
      trainer.settle();
      Thread.sleep(5);
    }
    assertThat(trainer.idle()).isTrue();
  }

  @Test
  void shouldHandOverAResultWhenAsked() throws InterruptedException {
    // when
    trainer.begin("a sum", stop -> "42", results::add);
    awaitIdle();

    // then
    assertThat(results).containsExactly("42");
    assertThat(ended("done")).isEqualTo(1);
  }

  @Test
  void shouldGoOnAfterAFailure() throws InterruptedException {
    // when
    trainer.<String>begin(
        "a mishap",
        stop -> {
          throw new IllegalStateException("told to fail");
        },
        results::add);
    awaitIdle();
    trainer.begin("a sum", stop -> "42", results::add);
    awaitIdle();

    // then
    assertThat(results).containsExactly("42");
    assertThat(ended("failed")).isEqualTo(1);
  }

  @Test
  void shouldGiveUpWhatIsLateAndDropItsResult() throws InterruptedException {
    // given a computation that does not heed being told to stop
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    trainer.begin(
        "a long sum",
        stop -> {
          begun.countDown();
          while (release.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
          }
          return "too late";
        },
        results::add);
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    // when
    clock.advance(Duration.ofMinutes(10));
    trainer.settle();
    assertThat(ended("late")).isZero();
    clock.advance(Duration.ofMillis(1));
    trainer.settle();

    // then nothing else begins until it has ended
    assertThat(ended("late")).isEqualTo(1);
    assertThat(trainer.idle()).isFalse();
    release.countDown();
    awaitIdle();
    assertThat(results).isEmpty();
  }

  @Test
  void shouldEndWhatIsLateWhereItAsks() throws InterruptedException {
    // given a computation that would go on for ever, and asks
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    trainer.<String>begin(
        "an endless sum",
        stop -> {
          begun.countDown();
          try {
            while (true) {
              Thread.onSpinWait();
              stop.check();
            }
          } finally {
            ended.countDown();
          }
        },
        results::add);
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    // when
    clock.advance(Duration.ofMinutes(10).plusMillis(1));
    trainer.settle();

    // then it has ended, and the next begins
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    awaitIdle();
    trainer.begin("a sum", stop -> "42", results::add);
    awaitIdle();
    assertThat(results).containsExactly("42");
    assertThat(ended("late")).isEqualTo(1);
  }

  @Test
  void shouldEndWhatIsUnderWayWhenItCloses() throws InterruptedException {
    // given
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    trainer.begin(
        "an endless sum",
        stop -> {
          begun.countDown();
          while (!stop.stopped()) {
            Thread.onSpinWait();
          }
          ended.countDown();
          return "too late";
        },
        results::add);
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    // when
    trainer.close();

    // then
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(results).isEmpty();
  }
}
