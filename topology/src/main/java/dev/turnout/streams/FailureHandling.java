package dev.turnout.streams;

import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import dev.turnout.kafka.LoopState;
import dev.turnout.topic.RefusedRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What one Kafka Streams client does when a record, a send or a thread fails: a record that fails
 * is dead-lettered at the retry ({@link FailedRecords} says how and why that is sound), an outage
 * is waited for, and every thread is replaced. Nothing stops the client but {@code close}.
 *
 * <pre>{@code
 * FailureHandling failures = FailureHandling.of("router", topics.dlq(), 5, meters);
 * topology.addProcessor("route", failures.guard(route, bytes, "route", "dead-letters"), …);
 * topology.addSink("dead-letters", topics.dlq(), keys, failures.deadLetterSerializer(), "route");
 * failures.configure(config);
 * KafkaStreams streams = new KafkaStreams(topology, config);
 * failures.watch(streams);
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class FailureHandling implements AutoCloseable {
  private final String client;
  private final String deadLetterTopic;
  private final Clock clock = Clock.systemUTC();
  private final StreamHealth health;
  private final FailureMetrics metrics;
  private final FailedRecords records;
  private @Nullable KafkaStreams streams;
  private @Nullable ThreadReplacement replacement;

  private FailureHandling(
      String client, String deadLetterTopic, int tolerated, MeterRegistry registry) {
    this.client = client;
    this.deadLetterTopic = deadLetterTopic;
    this.health = new StreamHealth(tolerated);
    this.metrics = new FailureMetrics(registry, client);
    this.records = new FailedRecords(deadLetterTopic, health, new DeadLetterSize(clock), metrics);
  }

  /**
   * The failure handling of a client.
   *
   * @param client its name in metrics and logs, e.g. router
   * @param tolerated threads that may fail within ten minutes for a cause that is neither a record
   *     nor an outage before {@link #isExhausted}
   * @param registry where metrics go
   */
  public static FailureHandling of(
      String client, String deadLetterTopic, int tolerated, MeterRegistry registry) {
    return new FailureHandling(client, deadLetterTopic, tolerated, registry);
  }

  /** For a topology that no broker drives. */
  public static FailureHandling unobserved(String deadLetterTopic) {
    return of("unobserved", deadLetterTopic, 0, new CompositeMeterRegistry());
  }

  /**
   * Adds what failure handling needs to a configuration of Kafka Streams, last of all: handlers
   * that others set would let failures pass. Producer interceptors that are there stay.
   */
  public void configure(Map<String, Object> config) {
    for (String handler :
        List.of(
            StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
            StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
            StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG)) {
      config.put(handler, FailingExceptionHandler.class);
    }
    // Named by its text: the constant is deprecated because 5.0 will have no other way.
    config.put("processing.exception.handler.global.enabled", true);
    config.put(FailingExceptionHandler.HANDLING_CONFIG, this);
    config.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTimestamp.class);
    // Without compression, a batch of a record that is too large and a tiny one is split into just
    // the same batch, for ever (Kafka 4.3.1: the room is estimated to the byte then).
    config.putIfAbsent(producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    String key = producerPrefix(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
    List<Object> interceptors = new ArrayList<>(list(config.get(key)));
    interceptors.add(SourceInterceptor.class.getName());
    config.put(key, interceptors);
    config.put(producerPrefix(SourceInterceptor.FAILED_RECORDS_CONFIG), records);
  }

  private static Collection<?> list(@Nullable Object configured) {
    if (configured instanceof Collection<?> several) {
      return several;
    }
    return configured == null ? List.of() : List.of(configured.toString().split("\\s*,\\s*"));
  }

  /**
   * A processor that dead-letters what failed on it before, and notes what fails.
   *
   * @param guarded names the child that it forwards to, since one of them takes dead letters alone
   * @param bytes a value as it was published
   * @param stage which part of Turnout it is, for dead letters, e.g. route
   * @param sink name of the sink of dead letters, a child of this processor
   */
  public <V, VOut> ProcessorSupplier<byte[], V, byte[], VOut> guard(
      ProcessorSupplier<byte[], V, byte[], VOut> guarded,
      Function<V, byte @Nullable []> bytes,
      String stage,
      String sink) {
    return guard(guarded, bytes, stage, sink, record -> record);
  }

  /**
   * The same for a processor of records that somebody may wait for.
   *
   * @param accompaniment what is sent besides a dead letter, in the same transaction
   */
  public <V, VOut> ProcessorSupplier<byte[], V, byte[], VOut> guard(
      ProcessorSupplier<byte[], V, byte[], VOut> guarded,
      Function<V, byte @Nullable []> bytes,
      String stage,
      String sink,
      Accompaniment<V> accompaniment) {
    return guard(
        guarded,
        bytes,
        new DeadLetteringProcessor.Target(stage, sink, UnaryOperator.identity()),
        accompaniment);
  }

  /**
   * The same for a processor of records that were made of others.
   *
   * @param original the record that a failed one was made of, for its dead letter
   */
  public <V, VOut> ProcessorSupplier<byte[], V, byte[], VOut> guard(
      ProcessorSupplier<byte[], V, byte[], VOut> guarded,
      Function<V, byte @Nullable []> bytes,
      String stage,
      String sink,
      UnaryOperator<RefusedRecord> original) {
    return guard(
        guarded,
        bytes,
        new DeadLetteringProcessor.Target(stage, sink, original),
        Accompaniment.none());
  }

  private <V, VOut> ProcessorSupplier<byte[], V, byte[], VOut> guard(
      ProcessorSupplier<byte[], V, byte[], VOut> guarded,
      Function<V, byte @Nullable []> bytes,
      DeadLetteringProcessor.Target target,
      Accompaniment<V> accompaniment) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], V, byte[], VOut> get() {
        return new DeadLetteringProcessor<>(guarded.get(), records, target, bytes, accompaniment);
      }

      @Override
      public @Nullable Set<StoreBuilder<?>> stores() {
        return guarded.stores();
      }
    };
  }

  /** For the values of the sink of dead letters. */
  public Serializer<byte[]> deadLetterSerializer() {
    return records.deadLetterSize().serializer();
  }

  /** Handles the failures of a client from here on; before its start. */
  public synchronized void watch(KafkaStreams watched) {
    streams = watched;
    replacement = new ThreadReplacement(client, watched, records, health, metrics, clock);
    watched.setUncaughtExceptionHandler(replacement);
  }

  /**
   * How the client is doing: failing while it waits for an outage to end or its threads fail for
   * unknown causes, but not for a record.
   *
   * @param name its name among the loops of its role
   */
  public synchronized LoopState state(String name, Instant now) {
    KafkaStreams watched = streams;
    KafkaStreams.State state = watched == null ? KafkaStreams.State.CREATED : watched.state();
    boolean alive = state.isRunningOrRebalancing() || state == KafkaStreams.State.CREATED;
    return health.state(name, alive, now);
  }

  /** Whether threads fail so often for unknown causes that the process should be started anew. */
  public boolean isExhausted(Instant now) {
    return health.exhausted(now);
  }

  FailedRecords records() {
    return records;
  }

  String deadLetterTopic() {
    return deadLetterTopic;
  }

  /** Adds no thread any more; to be called before the client is closed. */
  @Override
  public synchronized void close() {
    if (replacement != null) {
      replacement.close();
    }
  }
}
