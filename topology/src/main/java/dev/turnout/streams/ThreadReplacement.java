package dev.turnout.streams;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces every stream thread that fails, for as long as the client runs: at once if a record was
 * to blame, since that is dead-lettered at the retry; else after a pause that grows.
 *
 * <p>The answer {@code REPLACE_THREAD} is not used. It lets the failed thread stay in its consumer
 * group, so that its partitions stand still until its session has timed out. A thread whose handler
 * throws instead leaves the group as it ends, and another one is added here (seen on 4.3.1).
 *
 * <p>Safe for use by several threads.
 */
final class ThreadReplacement implements StreamsUncaughtExceptionHandler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacement.class);

  private final String client;
  private final KafkaStreams streams;
  private final FailedRecords records;
  private final StreamHealth health;
  private final FailureMetrics metrics;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "turnout-thread-replacement");
            thread.setDaemon(true);
            return thread;
          });

  ThreadReplacement(
      String client,
      KafkaStreams streams,
      FailedRecords records,
      StreamHealth health,
      FailureMetrics metrics,
      Clock clock) {
    this.client = client;
    this.streams = streams;
    this.records = records;
    this.health = health;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Never returns: see above. */
  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    FailureCause cause = records.anyNoted() ? FailureCause.RECORD : FailureCause.ofThread(failure);
    Duration pause = health.failed(cause, failure, clock.instant());
    metrics.threadReplaced(cause);
    (cause == FailureCause.UNKNOWN ? LOG.atError() : LOG.atWarn())
        .setMessage("stream thread failed; another takes over")
        .addKeyValue("client", client)
        .addKeyValue("cause", cause)
        .addKeyValue("pause", pause)
        .setCause(failure)
        .log();
    addAfter(pause);
    // said above; the default would print it once more
    Thread.currentThread().setUncaughtExceptionHandler((thread, unused) -> {});
    if (failure instanceof Error error) {
      throw error;
    }
    throw failure instanceof RuntimeException unchecked ? unchecked : new StreamsException(failure);
  }

  private void addAfter(Duration pause) {
    try {
      ScheduledFuture<?> unused =
          timer.schedule(this::add, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.atDebug().setMessage("client closes; no thread takes over").log();
    }
  }

  private void add() {
    try {
      Optional<String> added = streams.addStreamThread();
      LOG.atInfo()
          .setMessage(added.isPresent() ? "stream thread added" : "no stream thread added")
          .addKeyValue("client", client)
          .addKeyValue("state", streams.state())
          .log();
    } catch (RuntimeException | Error e) {
      // clients that cannot be made, e.g. while no broker's name resolves
      Duration pause = health.failed(FailureCause.of(e), e, clock.instant());
      LOG.atWarn()
          .setMessage("stream thread not added; tried again")
          .addKeyValue("client", client)
          .addKeyValue("pause", pause)
          .setCause(e)
          .log();
      addAfter(pause);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
