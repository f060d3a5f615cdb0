package dev.turnout.ledger;

import dev.turnout.kafka.LoopState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells a Kafka Streams client that works from one whose threads keep dying. Each is replaced, so
 * the client's own state looks well in between; nothing says when a replaced thread has got past
 * what the one before died of, but that it stays alive. So deaths that follow each other closely
 * are one failure, which is over when none has come for {@link #APART}. Safe for use by several
 * threads.
 */
final class ThreadDeaths {
  /** Longer than a replaced thread takes to join its group and to reach the same record again. */
  static final Duration APART = Duration.ofMinutes(2);

  private @Nullable Failure failure;

  private record Failure(Instant since, Instant latest, String error) {
    boolean lasts(Instant now) {
      return !now.isAfter(latest.plus(APART));
    }
  }

  /** A thread died. */
  synchronized void add(Throwable cause, Instant now) {
    Failure before = failure;
    Instant since = before != null && before.lasts(now) ? before.since() : now;
    failure = new Failure(since, now, cause.toString());
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
        latest == null ? null : latest.error());
  }
}
