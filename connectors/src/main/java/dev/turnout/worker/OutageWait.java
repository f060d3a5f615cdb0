package dev.turnout.worker;

import dev.turnout.kafka.FutureFailure;
import dev.turnout.registry.rest.Outage;
import dev.turnout.topic.LogText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what an outage stops until it is over, and says meanwhile what is waited for: a schema
 * registry or a broker that does not answer, or does not let us in. A request is not to blame for
 * either, so the wait counts as no attempt. Nobody's thread waits: each attempt is a task of its
 * own. Safe for use by several threads.
 */
public final class OutageWait {

  private static final Logger LOG = LoggerFactory.getLogger(OutageWait.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<Object, String> waiting = new ConcurrentHashMap<>();
  private volatile @Nullable Instant since;
  private volatile boolean closed;

  /** Nothing waits yet. */
  public OutageWait(Clock clock) {
    this.clock = clock;
  }

  /**
   * What is taken again and again.
   *
   * @param who stands for it among those that wait
   */
  private record Step<T>(
      Object who,
      Supplier<CompletableFuture<T>> attempt,
      Executor executor,
      BooleanSupplier abandoned,
      Predicate<Throwable> passing,
      CompletableFuture<T> result) {}

  /**
   * Takes a step, again after every outage, with growing pauses.
   *
   * @param attempt may throw as well as fail
   * @param executor runs each attempt
   * @param abandoned whether the result is of use to nobody any more
   * @return the first success; the failure if it is no outage, or if waiting has no sense any more
   */
  public <T> CompletableFuture<T> outlast(
      Supplier<CompletableFuture<T>> attempt, Executor executor, BooleanSupplier abandoned) {
    return repeat(attempt, executor, abandoned, OutageWait::isOutage);
  }

  /** As {@link #outlast}, but whatever the failure is: for what must not be given up. */
  <T> CompletableFuture<T> insist(
      Supplier<CompletableFuture<T>> attempt, Executor executor, BooleanSupplier abandoned) {
    return repeat(attempt, executor, abandoned, failure -> true);
  }

  private <T> CompletableFuture<T> repeat(
      Supplier<CompletableFuture<T>> attempt,
      Executor executor,
      BooleanSupplier abandoned,
      Predicate<Throwable> passing) {
    CompletableFuture<T> result = new CompletableFuture<>();
    take(
        new Step<>(new Object(), attempt, executor, abandoned, passing, result),
        executor,
        FIRST_PAUSE);
    return result;
  }

  private <T> void take(Step<T> step, Executor executor, Duration pause) {
    try {
      executor.execute(
          () -> {
            CompletableFuture<T> unusedEnd =
                begun(step).whenComplete((value, failure) -> ended(step, pause, value, failure));
          });
    } catch (RejectedExecutionException closing) {
      fail(step, closing);
    }
  }

  private static <T> CompletableFuture<T> begun(Step<T> step) {
    try {
      return step.attempt().get();
    } catch (RuntimeException | Error failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private <T> void ended(
      Step<T> step, Duration pause, @Nullable T value, @Nullable Throwable failure) {
    if (failure == null) {
      leave(step.who());
      boolean unusedFirst = step.result().complete(value);
    } else if (!step.passing().test(failure) || closed || step.abandoned().getAsBoolean()) {
      fail(step, failure);
    } else {
      enter(step.who(), failure);
      Duration next = pause.multipliedBy(2);
      take(
          step,
          CompletableFuture.delayedExecutor(
              pause.toMillis(), TimeUnit.MILLISECONDS, step.executor()),
          next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE);
    }
  }

  private void fail(Step<?> step, Throwable failure) {
    leave(step.who());
    boolean unusedFirst = step.result().completeExceptionally(failure);
  }

  /** Whether a registry or a broker is to blame. */
  public static boolean isOutage(Throwable failure) {
    return Outage.isBehind(failure)
        || Outage.rootIs(failure, RetriableException.class)
        || Outage.rootIs(failure, AuthorizationException.class)
        || Outage.rootIs(failure, AuthenticationException.class);
  }

  private synchronized void enter(Object who, Throwable failure) {
    Throwable said = FutureFailure.cause(failure);
    waiting.put(who, String.valueOf(said.getMessage()));
    if (since == null) {
      since = clock.instant();
      LOG.atWarn()
          .setMessage("requests wait for an outage to end; none is lost or counted as failed")
          .addKeyValue("problem", LogText.of(String.valueOf(said.getMessage())))
          .setCause(said)
          .log();
    }
  }

  private synchronized void leave(Object who) {
    if (waiting.remove(who) != null && waiting.isEmpty()) {
      LOG.atInfo()
          .setMessage("outage is over, no request waits any more")
          .addKeyValue("since", since)
          .log();
      since = null;
    }
  }

  /** How many requests wait. */
  int waiting() {
    return waiting.size();
  }

  /** What is waited for, since when, in words; null while nothing has been for so long. */
  public @Nullable String problem(Instant now, Duration tolerated) {
    Instant began = since;
    if (began == null || !now.isAfter(began.plus(tolerated))) {
      return null;
    }
    return waiting.size()
        + " requests wait since "
        + began
        + ": "
        + waiting.values().stream().findFirst().orElse("");
  }

  /** Ends every wait at its next attempt, with the failure that it waited for. */
  public void close() {
    closed = true;
  }

  /** Whether waiting has ended. */
  public boolean closed() {
    return closed;
  }
}
