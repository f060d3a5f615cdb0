package dev.turnout.router;

import dev.turnout.registry.rest.Outage;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a dead stream thread, but not for ever: too many deaths in a short time mean that
 * something is broken which only people can mend. Outages do not count; they are waited for.
 */
public final class ThreadReplacement implements StreamsUncaughtExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ThreadReplacement.class);
  private static final long PAUSE_MILLIS = 1_000;

  private final int limit;
  private final RouterMetrics metrics;
  private final Clock clock;
  private final Deque<Long> deaths = new ArrayDeque<>();

  /**
   * @param limit deaths within ten minutes that are mended
   */
  public ThreadReplacement(int limit, RouterMetrics metrics, Clock clock) {
    this.limit = limit;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
    metrics.threadReplaced();
    if (Outage.isBehind(failure)) {
      log.warn("a stream thread gave up on an outage; another takes over", failure);
      pause();
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    long now = clock.millis();
    deaths.addLast(now);
    while (deaths.getFirst() < now - RouterSettings.REPLACEMENT_WINDOW.toMillis()) {
      deaths.removeFirst();
    }
    if (deaths.size() > limit) {
      log.error(
          "{} stream threads died within {}; the client stops. Mend the cause and start it again",
          deaths.size(),
          RouterSettings.REPLACEMENT_WINDOW,
          failure);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    log.error("a stream thread died; another takes over", failure);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
