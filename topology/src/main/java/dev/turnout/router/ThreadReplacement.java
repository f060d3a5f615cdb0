package dev.turnout.router;

import dev.turnout.registry.rest.Outage;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that failed, but not for ever: too many failures in a short time mean
 * that something is broken which only people can repair. Outages do not count; they are waited for.
 * Safe for use by several threads.
 */
public final class ThreadReplacement implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacement.class);
  private static final long PAUSE_MILLIS = 1_000;

  private final int limit;
  private final RouterMetrics metrics;
  private final Clock clock;
  private final Deque<Long> failures = new ArrayDeque<>();

  /**
   * @param limit threads that are replaced within {@link RouterSettings#REPLACEMENT_WINDOW}
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
      LOG.atWarn()
          .setMessage("stream thread gave up on an outage; another takes over")
          .setCause(failure)
          .log();
      pause();
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    long now = clock.millis();
    failures.addLast(now);
    while (failures.getFirst() < now - RouterSettings.REPLACEMENT_WINDOW.toMillis()) {
      failures.removeFirst();
    }
    if (failures.size() > limit) {
      LOG.atError()
          .setMessage(
              "too many stream threads failed; the client stops. Repair the cause, then start it"
                  + " again")
          .addKeyValue("failures", failures.size())
          .addKeyValue("window", RouterSettings.REPLACEMENT_WINDOW)
          .setCause(failure)
          .log();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.atError().setMessage("stream thread failed; another takes over").setCause(failure).log();
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
