package dev.turnout.worker;

import dev.turnout.schema.Outcome;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes outcomes, replies and dead letters. */
final class OutcomePublisher implements AutoCloseable {

  private static final String STAGE = "worker";
  private static final int LARGEST_REQUEST = 9 * 1024 * 1024;

  private final WorkerSettings settings;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Serializer<Outcome> serializer;
  private final ReplyTopics replyTopics;

  OutcomePublisher(WorkerSettings settings) {
    this.settings = settings;
    this.serializer = AvroSerdes.of(Outcome.class, settings.serde()).serializer();
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.replyTopics = new ReplyTopics(settings);
  }

  /**
   * Writes an outcome and, where asked, the reply.
   *
   * @param replyTo topic of the query's producer; null writes no reply
   * @return completes when the outcome is safe on its topic; a reply that fails delays nothing
   */
  CompletableFuture<Void> publish(Outcome outcome, @Nullable String replyTo) {
    byte[] key = outcome.getQueryId().getBytes(StandardCharsets.UTF_8);
    if (replyTo != null) {
      replyTopics.ifUsable(
          replyTo,
          () -> {
            CompletableFuture<Void> unusedReply =
                send(new ProducerRecord<>(replyTo, key, bytes(replyTo, outcome)));
          });
    }
    String topic = settings.topics().outcomes();
    return send(new ProducerRecord<>(topic, key, bytes(topic, outcome)));
  }

  /** Writes a request to the dead-letter topic; completes when it is safe there. */
  CompletableFuture<Void> bury(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    return send(DeadLetters.of(record, settings.topics().dlq(), reason, detail, STAGE));
  }

  private byte[] bytes(String topic, Outcome outcome) {
    return serializer.serialize(topic, outcome);
  }

  private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
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

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
    replyTopics.close();
  }
}
