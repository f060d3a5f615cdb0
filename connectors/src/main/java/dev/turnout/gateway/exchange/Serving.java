package dev.turnout.gateway.exchange;

import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.sse.ClientWatch;
import dev.turnout.kafka.DaemonThreads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What all requests share while they are served: a few threads that write, one that keeps the time,
 * one that watches the clients; and who is being served, so that the gateway can close without
 * cutting anybody off.
 */
public final class Serving implements AutoCloseable {
  private static final int WRITERS = 4;
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final MeterRegistry metrics;
  private final Clock clock;
  private final Duration heartbeat;
  private final int streamBuffer;
  private final ClientWatch clients = ClientWatch.start();
  private final ExecutorService writers =
      Executors.newFixedThreadPool(WRITERS, DaemonThreads.named("gateway-writer"));
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, DaemonThreads.named("gateway-timer"));
  private final Set<Exchange> active = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /**
   * @param heartbeat how long a stream may be silent
   * @param streamBuffer bytes that wait for a slow reader at most
   */
  public Serving(MeterRegistry metrics, Clock clock, Duration heartbeat, int streamBuffer) {
    this.metrics = metrics;
    this.clock = clock;
    this.heartbeat = heartbeat;
    this.streamBuffer = streamBuffer;
    timer.setRemoveOnCancelPolicy(true);
    Gauge unusedGauge =
        Gauge.builder("turnout.gateway.active", active, Set::size)
            .description("Requests that wait for their answer or get it")
            .register(metrics);
  }

  MeterRegistry metrics() {
    return metrics;
  }

  Instant now() {
    return clock.instant();
  }

  Duration heartbeat() {
    return heartbeat;
  }

  int streamBuffer() {
    return streamBuffer;
  }

  ClientWatch clients() {
    return clients;
  }

  ExecutorService writers() {
    return writers;
  }

  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  void begin(Exchange exchange) {
    active.add(exchange);
  }

  void end(Exchange exchange) {
    active.remove(exchange);
    if (draining) {
      synchronized (active) {
        active.notifyAll();
      }
    }
  }

  /**
   * Refuses what comes while the gateway closes.
   *
   * @throws GatewayError with 503
   */
  public void requireOpen() {
    if (draining) {
      throw closing();
    }
  }

  private static GatewayError closing() {
    return new GatewayError(503, Failures.API_ERROR, "closing", "the gateway is closing; ask again")
        .retryAfter(RETRY);
  }

  /** Takes nothing new and waits for what is under way; what takes longer is told so. */
  public void drain(Duration longest) {
    draining = true;
    long end = System.nanoTime() + longest.toNanos();
    try {
      synchronized (active) {
        long left = longest.toNanos();
        while (!active.isEmpty() && left > 0) {
          TimeUnit.NANOSECONDS.timedWait(active, left);
          left = end - System.nanoTime();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    active.forEach(exchange -> exchange.abandon(closing()));
  }

  @Override
  public void close() {
    clients.close();
    timer.shutdownNow();
    writers.shutdown();
  }
}
