package dev.turnout.gateway;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's side of Kafka: sends queries and grades, and sees every decision, outcome and dead
 * letter pass. It belongs to no group, so each gateway sees all of them and finds the answers to
 * its own queries.
 */
final class GatewayKafka implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayKafka.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);
  private static final int LARGEST_REQUEST = 9 * 1024 * 1024;

  private final GatewaySettings settings;
  private final Clock clock;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Serializer<Query> queries;
  private final Serializer<Grade> grades;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Map<String, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();
  private final Remembered<RoutingDecision> decided;
  private final Remembered<Refusal> refused;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean closing;

  GatewayKafka(GatewaySettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    Map<String, Object> serde = settings.serde();
    this.queries = AvroSerdes.of(Query.class, serde).serializer();
    this.grades = AvroSerdes.of(Grade.class, serde).serializer();
    this.decisions = AvroSerdes.of(RoutingDecision.class, serde).deserializer();
    this.outcomes = AvroSerdes.of(Outcome.class, serde).deserializer();
    this.decided = new Remembered<>(settings.mostRemembered());
    this.refused = new Remembered<>(settings.mostRemembered());
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    Thread thread = new Thread(this::follow, "gateway-traffic");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until no outcome can be missed any more; false when that takes too long. */
  boolean awaitStart() throws InterruptedException {
    return started.await(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean isFollowing() {
    return started.getCount() == 0 && stopped.getCount() == 1;
  }

  /** Publishes a query and waits for its outcome; fails with a {@link GatewayError} if refused. */
  CompletableFuture<Outcome> ask(Query query) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    if (waiting.putIfAbsent(query.getId(), answer) != null) {
      return CompletableFuture.failedFuture(
          new GatewayError(
              409, "invalid_request_error", "query " + query.getId() + " is under way already"));
    }
    return publish(query)
        .thenCompose(sent -> answer)
        .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((outcome, failure) -> waiting.remove(query.getId(), answer));
  }

  /** Publishes a query; completes when it is safe on its topic. */
  CompletableFuture<Void> publish(Query query) {
    return send(settings.topics().queries(), query.getId(), queries, query);
  }

  /** Publishes a grade; completes when it is safe on its topic. */
  CompletableFuture<Void> publish(Grade grade) {
    return send(settings.topics().feedback(), grade.getQueryId(), grades, grade);
  }

  Optional<RoutingDecision> decision(String queryId) {
    return decided.of(queryId);
  }

  /** Why the query was refused, unless it has been decided since. */
  Optional<Refusal> refusal(String queryId) {
    return refused.of(queryId);
  }

  private <T extends SpecificRecord> CompletableFuture<Void> send(
      String topic, String key, Serializer<T> serializer, T value) {
    CompletableFuture<Void> safe = new CompletableFuture<>();
    try {
      Future<RecordMetadata> unusedFuture =
          producer.send(
              new ProducerRecord<>(
                  topic, key.getBytes(StandardCharsets.UTF_8), serializer.serialize(topic, value)),
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

  private void follow() {
    try {
      while (!closing) {
        try {
          followOnce();
        } catch (RuntimeException broken) {
          LOG.error(
              "gateway lost sight of decisions, outcomes and dead letters, tries again", broken);
          Thread.sleep(RESTART_DELAY.toMillis());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void followOnce() throws InterruptedException {
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      position(consumer, partitions);
      started.countDown();
      while (!closing) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          see(record);
          positions.put(
              new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
      }
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer)
      throws InterruptedException {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : settings.followed()) {
      while (!closing && !consumer.listTopics().containsKey(topic)) {
        LOG.warn("gateway waits for topic {}", topic);
        Thread.sleep(RESTART_DELAY.toMillis());
      }
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  /** Where we were before, or else decisions of the last minutes and the rest from now on. */
  private void position(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    long since = clock.millis() - settings.memory().toMillis();
    Map<TopicPartition, Long> times = new HashMap<>();
    for (TopicPartition partition : partitions) {
      if (partition.topic().equals(settings.topics().decisions())) {
        times.put(partition, since);
      }
    }
    Map<TopicPartition, OffsetAndTimestamp> recent = consumer.offsetsForTimes(times);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp found = recent.get(partition);
      Long before = positions.get(partition);
      long end = ends.getOrDefault(partition, 0L);
      consumer.seek(partition, before != null ? before : found != null ? found.offset() : end);
    }
  }

  private void see(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.topic().equals(settings.topics().decisions())) {
        seeDecision(decisions.deserialize(record.topic(), record.value()));
      } else if (record.topic().equals(settings.topics().dlq())) {
        Refusal.of(record, settings.topics()).ifPresent(this::seeRefusal);
      } else {
        seeOutcome(outcomes.deserialize(record.topic(), record.value()));
      }
    } catch (SerializationException poison) {
      LOG.warn(
          "gateway skips {}-{}@{}", record.topic(), record.partition(), record.offset(), poison);
    }
  }

  private void seeDecision(@Nullable RoutingDecision decision) {
    if (decision != null) {
      decided.put(decision.getQueryId(), decision);
      refused.forget(decision.getQueryId());
    }
  }

  private void seeRefusal(Refusal refusal) {
    refused.put(refusal.queryId(), refusal);
    CompletableFuture<Outcome> answer = waiting.get(refusal.queryId());
    if (answer != null) {
      answer.completeAsync(
          () -> {
            throw refusal.error();
          });
    }
  }

  private void seeOutcome(@Nullable Outcome outcome) {
    if (outcome == null || outcome.getShadow()) {
      return;
    }
    CompletableFuture<Outcome> answer = waiting.get(outcome.getQueryId());
    if (answer != null) {
      answer.completeAsync(() -> outcome);
    }
  }

  @Override
  public void close() {
    closing = true;
    try {
      if (!stopped.await(5, TimeUnit.SECONDS)) {
        LOG.warn("gateway's consumer did not stop within 5 s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(5));
  }
}
