package dev.turnout.gateway.traffic;

import dev.turnout.kafka.ByteBudget;
import dev.turnout.kafka.DaemonThreads;
import dev.turnout.schema.Query;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The queries that are under way at this gateway, each under an ask of its own that nobody can
 * guess. Every one of them ends: with a reply, a failure, a cancellation or its deadline.
 */
final class OpenAsks implements AutoCloseable {

  /** An answer or refusal that was made at the deadline is still on its way then. */
  private static final Duration AFTER_DEADLINE = Duration.ofMillis(500);

  /** A connection is not held longer, whatever deadline a query has. */
  private static final Duration MOST_TIME = Duration.ofDays(1);

  private static final int ASK_BYTES = 18;

  private final int most;
  private final Duration longest;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final BiConsumer<OpenAsk, String> cancelled;
  private final Map<String, OpenAsk> open = new ConcurrentHashMap<>();
  private final Map<String, Future<?>> deadlines = new ConcurrentHashMap<>();
  private final Semaphore room;
  private final SecureRandom random = new SecureRandom();
  private final ByteBudget memory = ByteBudget.ofHeap();
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService listeners;

  /**
   * @param most asks at a time
   * @param longest how long an ask without a deadline may take
   * @param cancelled gets an ask whose LLM is to stop, and why
   */
  OpenAsks(
      int most,
      Duration longest,
      Clock clock,
      MeterRegistry metrics,
      BiConsumer<OpenAsk, String> cancelled) {
    this.most = most;
    this.longest = longest;
    this.clock = clock;
    this.metrics = metrics;
    this.cancelled = cancelled;
    this.room = new Semaphore(most);
    this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("gateway-deadlines"));
    timer.setRemoveOnCancelPolicy(true);
    this.listeners =
        Executors.newFixedThreadPool(
            Math.max(4, Runtime.getRuntime().availableProcessors()),
            DaemonThreads.named("gateway-replies"));
    Gauge unusedOpen =
        Gauge.builder("turnout.gateway.open.asks", open, Map::size)
            .description("Queries whose answers clients wait for")
            .register(metrics);
    Gauge unusedMemory =
        Gauge.builder("turnout.gateway.reply.bytes", memory, ByteBudget::held)
            .description("Replies that were read and wait to be taken")
            .baseUnit("bytes")
            .register(metrics);
  }

  /** Opens an ask; one that there is no room for has failed already. */
  OpenAsk open(Query query, AskListener listener) {
    byte[] bytes = new byte[ASK_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    if (!room.tryAcquire()) {
      OpenAsk refused =
          new OpenAsk(id, query, listener, listeners, memory, (ask, how, why) -> count(how));
      refused.failed(
          "full",
          new TrafficLimitException(
              most
                  + " queries are under way at this gateway, which is gateway.max-open; try again,"
                  + " or run more gateways"),
          null);
      return refused;
    }
    OpenAsk ask = new OpenAsk(id, query, listener, listeners, memory, this::ended);
    open.put(id, ask);
    Instant deadline =
        query.getDeadline() == null ? clock.instant().plus(longest) : query.getDeadline();
    Instant end = clock.instant().plus(MOST_TIME);
    Duration left =
        Duration.between(clock.instant(), deadline.isBefore(end) ? deadline : end)
            .plus(AFTER_DEADLINE);
    deadlines.put(
        id, timer.schedule(() -> late(ask), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS));
    if (ask.ended()) {
      forget(ask);
    }
    return ask;
  }

  private static void late(OpenAsk ask) {
    ask.failed(
        "late",
        new TimeoutException("no answer to query " + ask.queryId() + " before its deadline"),
        "its deadline has passed");
  }

  /** The ask of this name, if it is open. */
  Optional<OpenAsk> find(String id) {
    return Optional.ofNullable(open.get(id));
  }

  private void ended(OpenAsk ask, String how, @Nullable String cancelFor) {
    if (open.remove(ask.id()) != null) {
      room.release();
    }
    forget(ask);
    count(how);
    if (cancelFor != null) {
      cancelled.accept(ask, cancelFor);
    }
  }

  private void forget(OpenAsk ask) {
    Future<?> deadline = deadlines.remove(ask.id());
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  private void count(String how) {
    metrics.counter("turnout.gateway.asks", "end", how).increment();
  }

  /** Ends what is open: nobody reads replies any more. */
  @Override
  public void close() {
    for (OpenAsk ask : List.copyOf(open.values())) {
      ask.failed(
          "closed",
          new TrafficLimitException(
              "this gateway ends; the answer to query "
                  + ask.queryId()
                  + " can be fetched by that id from another"),
          null);
    }
    timer.shutdownNow();
    listeners.shutdown();
  }
}
