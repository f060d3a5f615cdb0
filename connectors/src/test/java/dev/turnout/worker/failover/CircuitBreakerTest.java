package dev.turnout.worker.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.AvailabilityState;
import dev.turnout.worker.failover.CircuitBreaker.Leave;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private Instant now = Instant.parse("2026-01-01T12:03:00Z");
  private final CircuitBreaker breaker = new CircuitBreaker(Probe.REQUEST, now);

  @Test
  void shouldGoDownByFailuresInARowOfSeveralRequests() {
    // given two requests that each fail, the first more often than may be
    for (int i = 0; i < 10; i++) {
      fail("poison", broken());
    }
    assertThat(state()).isEqualTo(AvailabilityState.UP);

    // when
    fail("another", broken());

    // then
    assertThat(state()).isEqualTo(AvailabilityState.DOWN);
    assertThat(breaker.finding(now).reason()).isEqualTo("HTTP 500");
    assertThat(breaker.ask("third", now)).isNull();
  }

  @Test
  void shouldStayUpWhileMostCallsAreAnsweredAndGoDownWhenHalfFail() {
    for (int i = 0; i < 40; i++) {
      succeed("q" + i);
      succeed("r" + i);
      fail("s" + i, broken());
    }
    assertThat(state()).isEqualTo(AvailabilityState.UP);

    for (int i = 0; i < 20 && state() == AvailabilityState.UP; i++) {
      succeed("t" + i);
      fail("u" + i, broken());
    }

    assertThat(state()).isEqualTo(AvailabilityState.DOWN);
  }

  @Test
  void shouldGoDownAtOnceWhenItsKeyIsRefused() {
    fail("q", new Failure(Failure.Kind.REFUSING, "HTTP 401", "", true, null));

    assertThat(state()).isEqualTo(AvailabilityState.DOWN);
    assertThat(breaker.finding(now).told()).isTrue();
  }

  @Test
  void shouldLeaveItAloneAsLongAsItWantsAndBeUpThen() {
    // when
    fail("q", overloaded(Duration.ofSeconds(12)));
    fail("r", overloaded(Duration.ofSeconds(3)));

    // then the longest word counts, and no probe is needed
    now = now.plusSeconds(11);
    assertThat(breaker.ask("s", now)).isNull();
    assertThat(breaker.finding(now).window()).isTrue();
    now = now.plusSeconds(1);
    assertThat(breaker.ask("s", now)).isNotNull();
    assertThat(state()).isEqualTo(AvailabilityState.UP);
  }

  @Test
  void shouldProbeOneAtATimeAndWithinFiveSeconds() {
    // given
    goDown();
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 20; i++) {
      Instant from = now;
      Leave probe = nextLeave("probe" + i);
      longest = max(longest, Duration.between(from, now));

      // then nobody else is let through meanwhile
      assertThat(probe.isProbe()).isTrue();
      assertThat(state()).isEqualTo(AvailabilityState.PROBING);
      assertThat(breaker.ask("other", now)).isNull();
      breaker.failed(probe, broken(), now);
      assertThat(state()).isEqualTo(AvailabilityState.DOWN);
    }
    assertThat(longest).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));

    // when one succeeds
    Instant since = breaker.finding(now).since();
    Leave last = nextLeave("last");
    breaker.succeeded(last, now);

    // then
    assertThat(state()).isEqualTo(AvailabilityState.UP);
    assertThat(since).isBefore(now);
    assertThat(breaker.ask("q", now)).isNotNull();
  }

  @Test
  void shouldNotWaitForAProbeThatHangs() {
    // given
    goDown();
    Leave hanging = nextLeave("hanging");

    // when
    Instant from = now;
    Leave second = nextLeave("second");
    assertThat(Duration.between(from, now)).isLessThanOrEqualTo(Duration.ofSeconds(5));
    breaker.failed(hanging, broken(), now);
    assertThat(state()).isEqualTo(AvailabilityState.PROBING);
    breaker.failed(second, broken(), now);

    // then its success counts all the same
    breaker.succeeded(hanging, now);
    assertThat(state()).isEqualTo(AvailabilityState.UP);
  }

  @Test
  void shouldProbeAgainWhenAProbeSaysNothing() {
    goDown();
    Leave cancelled = nextLeave("q");

    breaker.failed(
        cancelled, new Failure(Failure.Kind.NOT_ITS_FAULT, "cancelled", "", false, null), now);

    assertThat(breaker.ask("r", now)).isNotNull();
  }

  @Test
  void shouldTakeARefusalOfOneRequestForASignOfLife() {
    goDown();
    Leave probe = nextLeave("q");

    breaker.failed(probe, new Failure(Failure.Kind.NOT_ITS_FAULT, "HTTP 400", "", true, null), now);

    assertThat(state()).isEqualTo(AvailabilityState.UP);
  }

  @Test
  void shouldNotHeedOldNews() {
    // given calls that were begun before it went down and came back
    Leave answered = leave("slow");
    Leave failed = leave("slower");
    Leave refused = leave("slowest");
    now = now.plusSeconds(1);
    goDown();
    breaker.succeeded(answered, now);
    assertThat(state()).isEqualTo(AvailabilityState.DOWN);
    breaker.succeeded(nextLeave("probe"), now);

    // when
    breaker.failed(refused, new Failure(Failure.Kind.REFUSING, "HTTP 401", "", true, null), now);
    for (int i = 0; i < 5; i++) {
      breaker.failed(failed, broken(), now);
    }

    // then
    assertThat(state()).isEqualTo(AvailabilityState.UP);
  }

  @Test
  void shouldNotBlameItForShortDeadlines() {
    // given answers that take a second
    for (int i = 0; i < 20; i++) {
      Leave leave = leave("q" + i);
      now = now.plusSeconds(1);
      breaker.succeeded(leave, now);
    }

    // when many clients wait no longer than that
    for (int i = 0; i < 20; i++) {
      timeOut("r" + i, Duration.ofSeconds(1));
    }
    assertThat(state()).isEqualTo(AvailabilityState.UP);

    // but an LLM that hangs is found
    for (int i = 0; i < 3; i++) {
      timeOut("s" + i, Duration.ofSeconds(5));
    }
    assertThat(state()).isEqualTo(AvailabilityState.DOWN);
  }

  @Test
  void shouldFollowAnotherWorkerUntilItTakesItBack() {
    // when
    breaker.follow("HTTP 500", now, now.plusSeconds(1), false);

    // then it neither asks nor probes
    now = now.plusSeconds(60);
    assertThat(breaker.ask("q", now)).isNull();
    assertThat(breaker.finding(now).followed()).isTrue();
    breaker.unfollow(true, now);
    assertThat(state()).isEqualTo(AvailabilityState.UP);
  }

  @Test
  void shouldProbeItselfWhenTheOneThatItFollowedIsGone() {
    breaker.follow("HTTP 500", now, now.plusSeconds(1), false);

    breaker.unfollow(false, now);

    assertThat(state()).isEqualTo(AvailabilityState.DOWN);
    assertThat(leave("q").isProbe()).isTrue();
  }

  private AvailabilityState state() {
    return breaker.finding(now).state();
  }

  @Test
  void shouldMakeNoClientsRequestAProbeWhereTheWorkerProbes() {
    // given
    CircuitBreaker probed = new CircuitBreaker(Probe.COMPLETION, now);
    Leave refused = Objects.requireNonNull(probed.ask("q", now));
    probed.failed(refused, new Failure(Failure.Kind.REFUSING, "HTTP 401", "", true, null), now);

    // when its moment has come
    now = probed.finding(now).until();

    // then it is the worker that asks
    assertThat(probed.ask("client", now)).isNull();
    assertThat(Objects.requireNonNull(probed.askToProbe("probe", now)).isProbe()).isTrue();
  }

  @Test
  void shouldLetAClientsRequestProbeWhenTheWorkerIsLate() {
    CircuitBreaker probed = new CircuitBreaker(Probe.COMPLETION, now);
    Leave refused = Objects.requireNonNull(probed.ask("q", now));
    probed.failed(refused, new Failure(Failure.Kind.REFUSING, "HTTP 401", "", true, null), now);

    now = probed.finding(now).until().plusMillis(CircuitBreaker.LONGEST_PAUSE_MS);

    assertThat(Objects.requireNonNull(probed.ask("client", now)).isProbe()).isTrue();
  }

  private void goDown() {
    fail("a", broken());
    fail("b", broken());
    fail("c", broken());
    assertThat(state()).isEqualTo(AvailabilityState.DOWN);
  }

  private void succeed(String request) {
    breaker.succeeded(leave(request), now);
  }

  private void fail(String request, Failure failure) {
    @Nullable Leave leave = breaker.ask(request, now);
    breaker.failed(leave == null ? stale : leave, failure, now);
  }

  private final Leave stale = leave("stale");

  private void timeOut(String request, Duration after) {
    Leave leave = leave(request);
    now = now.plus(after);
    breaker.failed(leave, new Failure(Failure.Kind.TIMED_OUT, "no answer", "", false, null), now);
  }

  private Leave leave(String request) {
    return Objects.requireNonNull(breaker.ask(request, now));
  }

  /** Waits for the next call that is let through. */
  private Leave nextLeave(String request) {
    for (int i = 0; i < 1_000; i++) {
      @Nullable Leave leave = breaker.ask(request, now);
      if (leave != null) {
        return leave;
      }
      now = now.plusMillis(50);
    }
    throw new AssertionError("no call is let through");
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Failure broken() {
    return new Failure(Failure.Kind.BROKEN, "HTTP 500", "", true, null);
  }

  private static Failure overloaded(Duration window) {
    return new Failure(Failure.Kind.OVERLOADED, "HTTP 429", "", true, window);
  }
}
