package dev.turnout.worker.failover;

import dev.turnout.schema.AvailabilityState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an LLM is asked at all: a circuit breaker that a worker has for its LLM. Pure: the time
 * comes in as a parameter. Safe for use by several threads.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>UP</b> takes every call. It goes down by {@value #IN_A_ROW} failures in a row of at
 *       least two requests, so that one request which breaks the LLM each time takes it from nobody
 *       else; by half of the last {@value #LATEST} calls failing; at once when the LLM refuses our
 *       key or knows no such model, which it would tell everybody; and at once when it asks to be
 *       left alone for a while.
 *   <li><b>DOWN</b> takes none until its moment comes. After a window that the LLM itself asked for
 *       it is up again, since the LLM said so. After anything else it is probed.
 *   <li><b>PROBING</b> has one call under way and takes no other. The call's success is UP, its
 *       failure is DOWN for twice as long as before, at most {@value #LONGEST_PAUSE_MS} ms: an LLM
 *       that recovers is asked again within five seconds. A probe that hangs is given up after the
 *       same time and counts as failed; should it succeed all the same, that counts.
 *   <li><b>No client's request is a probe</b> where the worker probes by itself, unless its probe
 *       is {@value #LONGEST_PAUSE_MS} ms late.
 *   <li><b>Old news is no news</b>: a call that was begun before the present state says nothing
 *       against it. A time-out counts only if it took much longer than answers do: a client's short
 *       deadline is not the LLM's fault.
 *   <li><b>What another worker found</b> stands until that worker takes it back ({@link #follow},
 *       {@link #unfollow}); it does the probing, so that a hundred workers make no hundred probes.
 * </ul>
 */
final class CircuitBreaker {
  static final int IN_A_ROW = 3;
  static final int LATEST = 20;
  static final long LONGEST_PAUSE_MS = 4_000;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(LONGEST_PAUSE_MS);
  private static final int TIMES_AN_ANSWER = 4;
  private static final Duration UNKNOWN_ANSWER = Duration.ofMillis(2_500);
  private static final Duration QUICKEST_ANSWER = Duration.ofMillis(250);
  private static final double OF_THE_LATEST = 0.1;

  private final Probe probes;
  private AvailabilityState state = AvailabilityState.UP;
  private Instant since;
  private Instant until;
  private String reason = "";
  private String detail = "";
  private boolean told;
  private boolean window;
  private boolean followed;
  private Duration pause = FIRST_PAUSE;

  /** The last calls, newest first: the request of one that failed, nothing of one that did not. */
  private final Deque<Optional<String>> latest = new ArrayDeque<>();

  private @Nullable Duration usual;
  private @Nullable Leave probe;

  /** Leave to make one call. */
  static final class Leave {
    private final String request;
    private final Instant begun;
    private final boolean probe;

    private Leave(String request, Instant begun, boolean probe) {
      this.request = request;
      this.begun = begun;
      this.probe = probe;
    }

    /** Whether this call finds out if the LLM is back. */
    boolean isProbe() {
      return probe;
    }
  }

  /**
   * How the LLM is found.
   *
   * @param since when that began
   * @param until when it is tried again; of meaning while it is down
   * @param reason in words for everybody
   * @param detail in words for whoever runs the worker
   * @param told whether the LLM itself said so
   * @param followed whether another worker found it so
   * @param window whether the LLM said itself until when
   */
  record Finding(
      AvailabilityState state,
      Instant since,
      Instant until,
      String reason,
      String detail,
      boolean told,
      boolean followed,
      boolean window) {

    boolean isUp() {
      return state == AvailabilityState.UP;
    }
  }

  CircuitBreaker(Probe probes, Instant now) {
    this.probes = probes;
    this.since = now;
    this.until = now;
  }

  /** How the LLM is found at this moment. */
  synchronized Finding finding(Instant now) {
    endWindow(now);
    return new Finding(state, since, until, reason, detail, told, followed, window);
  }

  /**
   * Asks to call the LLM for a client.
   *
   * @param request tells requests apart
   * @return null when it is not to be called now
   */
  synchronized @Nullable Leave ask(String request, Instant now) {
    return leave(request, now, probes == Probe.COMPLETION ? LONGEST_PAUSE : Duration.ZERO);
  }

  /**
   * Asks to call the LLM only to find out whether it is back.
   *
   * @return null when it is not the time; not a probe when the LLM is up
   */
  synchronized @Nullable Leave askToProbe(String request, Instant now) {
    return leave(request, now, Duration.ZERO);
  }

  private @Nullable Leave leave(String request, Instant now, Duration later) {
    endWindow(now);
    if (state == AvailabilityState.UP) {
      return new Leave(request, now, false);
    }
    if (followed || now.isBefore(until.plus(later))) {
      return null;
    }
    if (state == AvailabilityState.PROBING) {
      pause = longer(pause);
    }
    state = AvailabilityState.PROBING;
    // the next one's turn, should this one hang
    until = now.plus(LONGEST_PAUSE);
    probe = new Leave(request, now, true);
    return probe;
  }

  /** A call was answered. */
  synchronized void succeeded(Leave leave, Instant now) {
    Duration took = Duration.between(leave.begun, now);
    usual =
        usual == null
            ? took
            : usual.plusNanos((long) (OF_THE_LATEST * took.minus(usual).toNanos()));
    responded(leave, now);
  }

  private void responded(Leave leave, Instant now) {
    if (state == AvailabilityState.UP) {
      count(Optional.empty());
    } else if (leave.probe || leave.begun.isAfter(since)) {
      up(now);
    }
  }

  /** A call failed. */
  synchronized void failed(Leave leave, Failure failure, Instant now) {
    switch (failure.kind()) {
      case NOT_ITS_FAULT -> {
        if (failure.told()) {
          responded(leave, now); // it refuses the one request, so it is there
        } else {
          unsaid(leave, now);
        }
      }
      case OVERLOADED -> overloaded(leave, failure, now);
      case REFUSING -> {
        if (isUpSince(leave) || isProbe(leave)) {
          downFor(failure, now);
        }
      }
      case TIMED_OUT, BROKEN -> broken(leave, failure, now);
    }
  }

  private void overloaded(Leave leave, Failure failure, Instant now) {
    Instant again = now.plus(failure.retryAfter() == null ? pause : failure.retryAfter());
    if (state == AvailabilityState.UP || isProbe(leave) || (window && again.isAfter(until))) {
      down(failure, now, again, true);
    }
  }

  /** Whether the LLM was up when the call was begun, and has been since. */
  private boolean isUpSince(Leave leave) {
    return state == AvailabilityState.UP && !leave.begun.isBefore(since);
  }

  private void broken(Leave leave, Failure failure, Instant now) {
    if (isProbe(leave)) {
      downFor(failure, now);
      return;
    }
    boolean tooSoon =
        failure.kind() == Failure.Kind.TIMED_OUT
            && Duration.between(leave.begun, now).compareTo(patience()) < 0;
    if (!isUpSince(leave) || tooSoon) {
      return;
    }
    count(Optional.of(leave.request));
    if (failsInARow() || failsByHalf()) {
      downFor(failure, now);
    }
  }

  private boolean failsInARow() {
    List<String> row =
        latest.stream().takeWhile(Optional::isPresent).flatMap(Optional::stream).toList();
    return row.size() >= IN_A_ROW && row.stream().distinct().count() > 1;
  }

  private boolean failsByHalf() {
    List<String> failed = latest.stream().flatMap(Optional::stream).toList();
    return latest.size() == LATEST
        && 2 * failed.size() >= LATEST
        && failed.stream().distinct().count() > 1;
  }

  private Duration patience() {
    Duration answer = usual == null ? UNKNOWN_ANSWER : usual;
    return (answer.compareTo(QUICKEST_ANSWER) < 0 ? QUICKEST_ANSWER : answer)
        .multipliedBy(TIMES_AN_ANSWER);
  }

  private void count(Optional<String> failed) {
    latest.addFirst(failed);
    if (latest.size() > LATEST) {
      Optional<String> unusedOldest = latest.removeLast();
    }
  }

  /** A probe that ended without a word about the LLM: the next call is one. */
  private void unsaid(Leave leave, Instant now) {
    if (isProbe(leave)) {
      state = AvailabilityState.DOWN;
      until = now;
      probe = null;
    }
  }

  /** Another worker found the LLM down; it will say when it is back. */
  synchronized void follow(String why, Instant asOf, Instant again, boolean untilThen) {
    if (state == AvailabilityState.UP) {
      since = asOf;
    }
    state = AvailabilityState.DOWN;
    reason = why;
    detail = why;
    until = again;
    window = untilThen;
    told = true;
    followed = true;
    probe = null;
  }

  /**
   * The other worker takes it back, or is not heard any more.
   *
   * @param back whether it says that the LLM is up; else it is for this worker to find out
   */
  synchronized void unfollow(boolean back, Instant now) {
    if (!followed) {
      return;
    }
    if (back) {
      up(now);
    } else {
      followed = false;
      window = false;
      until = now;
    }
  }

  private boolean isProbe(Leave leave) {
    return leave.isProbe() && leave == probe && state == AvailabilityState.PROBING;
  }

  private void downFor(Failure failure, Instant now) {
    if (state != AvailabilityState.UP) {
      pause = longer(pause);
    }
    down(failure, now, now.plus(pause), false);
  }

  private void down(Failure failure, Instant now, Instant again, boolean untilThen) {
    if (state == AvailabilityState.UP) {
      since = now;
    }
    state = AvailabilityState.DOWN;
    reason = failure.reason();
    detail = failure.detail();
    told = failure.told();
    until = again;
    window = untilThen;
    followed = false;
    probe = null;
  }

  private void endWindow(Instant now) {
    if (state == AvailabilityState.DOWN && window && !now.isBefore(until)) {
      up(now);
    }
  }

  private void up(Instant now) {
    state = AvailabilityState.UP;
    since = now;
    until = now;
    reason = "";
    detail = "";
    told = false;
    window = false;
    followed = false;
    pause = FIRST_PAUSE;
    probe = null;
    latest.clear();
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }
}
