package dev.turnout.streams;

import dev.turnout.kafka.LoopState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Tells a Kafka Streams client that works from one that waits or whose threads keep failing, and
 * says how long to pause before the next thread. Each failed thread is replaced, so the client's
 * own state looks well in between.
 *
 * <p>A thread that failed on a record is no failure of the client: the record is set aside. Others
 * that follow each other closely are one failure. It is over when what it failed on works, as far
 * as that is known: the record that could not be processed for an outage, or the topic that nothing
 * could be sent to. Else it is over when none has come for {@link #APART}.
 *
 * <p>Safe for use by several threads.
 */
final class StreamHealth {
  /** Longer than a replaced thread takes to join its group and to reach the same record again. */
  static final Duration APART = Duration.ofMinutes(2);

  /** Unknown failures further apart than this do not add up. */
  static final Duration WINDOW = Duration.ofMinutes(10);

  static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int DOUBLINGS = 5;
  private static final int LONGEST_TEXT = 500;

  private final int limit;
  private final Deque<Instant> unknown = new ArrayDeque<>();
  private @Nullable Failure failure;
  private volatile @Nullable SourceRecord stuckAt;
  private volatile @Nullable String stuckTopic;

  private record Failure(Instant since, Instant latest, int times, String text) {
    boolean lasts(Instant now) {
      return !now.isAfter(latest.plus(APART));
    }
  }

  /**
   * @param limit unknown failures within {@link #WINDOW} that are tolerated
   */
  StreamHealth(int limit) {
    this.limit = limit;
  }

  /**
   * A thread failed.
   *
   * @return how long to wait before another takes over
   */
  synchronized Duration failed(FailureCause cause, Throwable thrown, Instant now) {
    if (cause == FailureCause.RECORD) {
      return Duration.ZERO;
    }
    if (cause == FailureCause.UNKNOWN) {
      unknown.addLast(now);
    }
    Failure before = failure;
    Instant since = now;
    int times = 1;
    if (before != null && before.lasts(now)) {
      since = before.since();
      times = before.times() + 1;
    }
    failure = new Failure(since, now, times, text(cause, thrown));
    Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(times - 1, DOUBLINGS));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /** A record cannot be processed before an outage is over. */
  void waitsFor(SourceRecord source) {
    stuckAt = source;
  }

  /** Nothing can be sent to a topic before an outage is over. */
  void waitsFor(String topic) {
    stuckTopic = topic;
  }

  /** A record was processed. */
  void processed(SourceRecord source) {
    SourceRecord stuck = stuckAt;
    if (stuck != null && source.isAtOrBehind(stuck)) {
      stuckAt = null;
      over();
    }
  }

  /** What was sent to a topic arrived. */
  void acknowledged(String topic) {
    if (topic.equals(stuckTopic)) {
      stuckTopic = null;
      over();
    }
  }

  private synchronized void over() {
    failure = null;
  }

  /**
   * Whether threads have failed for reasons that are neither a record nor an outage, more often
   * than is tolerated: starting the process anew may help.
   */
  synchronized boolean exhausted(Instant now) {
    while (!unknown.isEmpty() && unknown.getFirst().isBefore(now.minus(WINDOW))) {
      unknown.removeFirst();
    }
    return unknown.size() > limit;
  }

  /**
   * The client's health, as a loop's.
   *
   * @param alive whether the client itself has not ended
   */
  synchronized LoopState state(String name, boolean alive, Instant now) {
    Failure latest = failure;
    return new LoopState(
        name,
        alive,
        now,
        latest != null && latest.lasts(now) ? latest.since() : null,
        latest == null ? null : latest.text());
  }

  private static String text(FailureCause cause, Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String said = String.valueOf(thrown.getMessage());
    String all = said.contains(root.toString()) ? said : said + ": " + root;
    String text = cause == FailureCause.OUTAGE ? "it waits for an outage to end: " + all : all;
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
