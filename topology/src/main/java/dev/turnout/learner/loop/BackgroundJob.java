package dev.turnout.learner.loop;

import dev.turnout.belief.StopSignal;
import dev.turnout.learner.LearnerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Runs one long computation at a time beside the fold, for so long and no longer. Results are
 * handed over on the fold's own thread, in {@link #settle}. A computation that is late is told to
 * stop and its result is dropped; until it has ended nothing else begins, so that memory stays
 * bounded by one.
 */
public final class BackgroundJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundJob.class);

  private final Duration limit;
  private final Clock clock;
  private final LearnerMetrics metrics;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final ExecutorService executor;
  private @Nullable Job<?> job;

  /** A long computation. */
  @FunctionalInterface
  public interface Task<T> {
    /**
     * Computes.
     *
     * @param stop to be asked in the outer loops
     */
    T run(StopSignal stop) throws Exception;
  }

  private record Job<T>(
      String what, Future<T> result, AtomicBoolean stopped, Instant begun, Consumer<T> then) {
    /** Ends the computation as soon as it asks, or waits. */
    void stop() {
      stopped.set(true);
      result.cancel(true);
    }

    /** Hands the result over; called when it is there. */
    void handOver() throws InterruptedException, ExecutionException {
      then.accept(result.get());
    }
  }

  BackgroundJob(Duration limit, Clock clock, LearnerMetrics metrics) {
    this.limit = limit;
    this.clock = clock;
    this.metrics = metrics;
    this.executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread own = new Thread(task, "turnout-trainer");
              own.setDaemon(true);
              return own;
            });
  }

  /** Whether a computation may begin; an abandoned one that has not ended yet counts. */
  public boolean idle() {
    return job == null && !busy.get();
  }

  /**
   * Begins a computation; only when {@linkplain #idle() idle}.
   *
   * @param what for the log, e.g. "training on 1000 samples"
   * @param then takes the result, on the thread that calls {@link #settle}
   */
  public <T> void begin(String what, Task<T> task, Consumer<T> then) {
    busy.set(true);
    AtomicBoolean stopped = new AtomicBoolean();
    Future<T> result =
        executor.submit(
            () -> {
              try {
                return task.run(stopped::get);
              } finally {
                busy.set(false);
              }
            });
    job = new Job<>(what, result, stopped, clock.instant(), then);
  }

  /** Hands over a result that is there, gives up a computation that is late. */
  void settle() throws InterruptedException {
    Job<?> running = job;
    if (running == null) {
      return;
    }
    Duration taken = Duration.between(running.begun(), clock.instant());
    if (running.result().isDone()) {
      job = null;
      try {
        running.handOver();
        metrics.computed("done");
        event(Level.INFO, "job done", running, taken).log();
      } catch (ExecutionException e) {
        metrics.computed("failed");
        event(Level.ERROR, "job failed; the serving model goes on", running, taken)
            .setCause(e.getCause())
            .log();
      }
    } else if (taken.compareTo(limit) > 0) {
      job = null;
      running.stop();
      metrics.computed("late");
      event(
              Level.WARN,
              "job given up at its limit; the serving model goes on and the next candidate is"
                  + " trained when it is due. Raise learner.training-limit, or lower"
                  + " learner.samples",
              running,
              taken)
          .addKeyValue("limit", limit)
          .log();
    }
  }

  private static LoggingEventBuilder event(
      Level level, String message, Job<?> job, Duration taken) {
    return LOG.atLevel(level)
        .setMessage(message)
        .addKeyValue("job", job.what())
        .addKeyValue("taken", taken);
  }

  @Override
  public void close() {
    Job<?> running = job;
    if (running != null) {
      running.stop();
    }
    executor.shutdownNow();
  }
}
