package dev.turnout.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records and tells when each is safe on its topic. Every failure, be it the serializer's,
 * the producer's or the broker's, comes the same way. Safe for use by several threads.
 */
public final class RecordSender implements AutoCloseable {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;

  /** With a given producer, which this sender closes. */
  public RecordSender(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** Opens a sender with a {@linkplain Clients#producer producer} of these settings. */
  public static RecordSender open(Map<String, ?> settings) {
    return new RecordSender(Clients.producer(settings));
  }

  /** The same with settings that win over the given ones. */
  public static RecordSender open(Map<String, ?> settings, Map<String, ?> overrides) {
    Map<String, Object> config = new HashMap<>(settings);
    config.putAll(overrides);
    return open(config);
  }

  /**
   * Sends a record; may block as long as the producer's {@code max.block.ms}.
   *
   * @return completes when the record is safe; exceptionally when it is not. Does not throw
   */
  public CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<Void> safe = new CompletableFuture<>();
    try {
      Future<RecordMetadata> unusedFuture =
          producer.send(
              record,
              (metadata, failure) -> {
                if (failure == null) {
                  safe.complete(null);
                } else {
                  safe.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException failure) {
      safe.completeExceptionally(failure);
    }
    return safe;
  }

  /**
   * Serializes a value and sends it.
   *
   * @param key text of the key, in UTF-8
   * @return as {@link #send(ProducerRecord)}
   */
  public <V> CompletableFuture<Void> send(
      String topic, String key, Serializer<V> serializer, @Nullable V value) {
    return send(topic, key, serializer, value, List.of());
  }

  /** The same with headers. */
  public <V> CompletableFuture<Void> send(
      String topic,
      String key,
      Serializer<V> serializer,
      @Nullable V value,
      Iterable<Header> headers) {
    ProducerRecord<byte[], byte[]> record;
    try {
      record =
          new ProducerRecord<>(
              topic,
              null,
              key.getBytes(StandardCharsets.UTF_8),
              value == null ? null : serializer.serialize(topic, value),
              headers);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
    return send(record);
  }

  /**
   * Waits until a record that was sent is safe.
   *
   * @param what the record in words, for the message
   * @throws KafkaException if it could not be published; it names the thing, the cause and the
   *     remedy
   */
  public static void await(CompletableFuture<Void> safe, String what) throws InterruptedException {
    try {
      safe.get();
    } catch (ExecutionException e) {
      throw new KafkaException(
          what
              + " could not be published: "
              + e.getCause()
              + "; nothing later of it was sent, publish it again",
          e.getCause());
    }
  }

  /** Waits until everything that was handed over is safe or has failed. */
  public void flush() {
    producer.flush();
  }

  /** Sends what was handed over, within ten seconds. */
  @Override
  public void close() {
    producer.close(CLOSE_WITHIN);
  }
}
