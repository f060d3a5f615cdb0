package dev.turnout.gateway.traffic;

import dev.turnout.kafka.ByteBudget;
import dev.turnout.kafka.DaemonThreads;
import dev.turnout.kafka.RecordSender;
import dev.turnout.telemetry.TraceContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes records on threads of its own, since Kafka's producer may block while a broker or a
 * schema registry is away: whoever publishes here never waits. What waits meanwhile is bounded in
 * number and bytes; beyond that it fails at once with {@link TrafficLimitException}.
 */
final class Publisher implements AutoCloseable {

  private static final int THREADS = 2;
  private static final int MOST_WAITING = 10_000;
  private static final Duration MAX_BLOCK = Duration.ofSeconds(10);

  private final RecordSender sender;
  private final ThreadPoolExecutor threads;
  private final ByteBudget memory = ByteBudget.ofHeap();

  Publisher(Map<String, ?> kafka) {
    this.sender =
        RecordSender.open(
            kafka,
            Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                MAX_BLOCK.toMillis()));
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            DaemonThreads.named("gateway-publisher"));
  }

  /**
   * Publishes a value.
   *
   * @param bytes about as many as it takes
   * @param trace what it is published for; null for none
   * @param wanted asked before it is sent; a value that nobody wants is not
   * @return completes when the record is safe on its topic, or is wanted no more
   */
  <V> CompletableFuture<Void> publish(
      String topic,
      String key,
      Serializer<V> serializer,
      V value,
      long bytes,
      @Nullable TraceContext trace,
      BooleanSupplier wanted) {
    if (!memory.reserve(bytes)) {
      return full("records that wait for Kafka hold " + memory.held() + " bytes of memory");
    }
    CompletableFuture<Void> safe = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            CompletableFuture<Void> unusedEnd =
                sent(topic, key, serializer, value, trace, wanted)
                    .whenComplete(
                        (sent, failure) -> {
                          memory.release(bytes);
                          if (failure == null) {
                            safe.complete(null);
                          } else {
                            safe.completeExceptionally(failure);
                          }
                        });
          });
    } catch (RejectedExecutionException full) {
      memory.release(bytes);
      return full(MOST_WAITING + " records wait for Kafka");
    }
    return safe;
  }

  private <V> CompletableFuture<Void> sent(
      String topic,
      String key,
      Serializer<V> serializer,
      V value,
      @Nullable TraceContext trace,
      BooleanSupplier wanted) {
    if (!wanted.getAsBoolean()) {
      return CompletableFuture.completedFuture(null);
    }
    Headers headers = new RecordHeaders();
    if (trace != null) {
      trace.into(headers);
    }
    return sender.send(topic, key, serializer, value, headers);
  }

  private static CompletableFuture<Void> full(String what) {
    return CompletableFuture.failedFuture(
        new TrafficLimitException(
            what + ", the limit: the broker or the schema registry is slow or away; try again"));
  }

  /** Sends what was handed over, as far as that goes within ten seconds. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(MAX_BLOCK.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      threads.shutdownNow();
    }
    sender.close();
  }
}
