package dev.turnout.grader;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads outcomes, judges them and publishes a grade for each, at least once. A judgement that fails
 * costs its grade and nothing else: an ungraded answer teaches nothing, a stalled grader teaches
 * nobody.
 */
public final class Grader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Grader.class);
  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration SHORT_POLL = Duration.ofMillis(20);
  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
  private static final int MOST_AT_ONCE = 100;
  private static final int LARGEST_REQUEST = 9 * 1024 * 1024;
  private static final int HASH_RANGE = 10_000;

  private final GraderSettings settings;
  private final GradingFunction function;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final Deserializer<Outcome> outcomes;
  private final Serializer<Grade> grades;
  private final KafkaProducer<byte[], byte[]> producer;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean closing;

  private Grader(
      GraderSettings settings, GradingFunction function, MeterRegistry metrics, Clock clock) {
    this.settings = settings;
    this.function = function;
    this.metrics = metrics;
    this.clock = clock;
    this.outcomes = AvroSerdes.of(Outcome.class, settings.serde()).deserializer();
    this.grades = AvroSerdes.of(Grade.class, settings.serde()).serializer();
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Starts a grader on a thread of its own. */
  public static Grader start(
      GraderSettings settings, GradingFunction function, MeterRegistry metrics) {
    Grader grader = new Grader(settings, function, metrics, Clock.systemUTC());
    Thread thread = new Thread(grader::work, "grader-" + settings.id());
    thread.setDaemon(true);
    thread.start();
    return grader;
  }

  private void work() {
    try {
      while (!closing) {
        try {
          consume();
        } catch (RuntimeException broken) {
          LOG.error("grader {} broke and starts again", settings.id(), broken);
          Thread.sleep(RESTART_DELAY.toMillis());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void consume() {
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_AT_ONCE);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(settings.topics().outcomes()));
      while (!closing) {
        turn(consumer, consumer.poll(POLL));
      }
    }
  }

  private void turn(
      KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled) {
    if (polled.isEmpty()) {
      return;
    }
    List<CompletableFuture<Void>> published = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      published.add(grade(record));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(published.toArray(CompletableFuture<?>[]::new));
    if (!all.isDone()) {
      consumer.pause(consumer.assignment());
      while (!all.isDone() && !closing) {
        // polling keeps the membership while slow judges think
        if (!consumer.poll(SHORT_POLL).isEmpty()) {
          throw new IllegalStateException("records came from a paused consumer");
        }
        consumer.pause(consumer.assignment());
      }
      consumer.resume(consumer.assignment());
    }
    if (!all.isDone()) {
      return;
    }
    all.join();
    try {
      consumer.commitSync();
    } catch (CommitFailedException | RebalanceInProgressException moved) {
      LOG.warn("grader {}: outcomes will be graded again after a rebalance", settings.id(), moved);
    }
  }

  /** Completes when the grade, or the dead letter, is safe; exceptionally only when it is not. */
  private CompletableFuture<Void> grade(ConsumerRecord<byte[], byte[]> record) {
    Outcome outcome;
    try {
      outcome = outcomes.deserialize(record.topic(), record.value());
      if (outcome == null) {
        return bury(record, "NULL_VALUE", "the record has no value");
      }
    } catch (SerializationException poison) {
      return bury(record, "UNDECODABLE", String.valueOf(poison.getMessage()));
    }
    if (!chosen(outcome.getQueryId())) {
      return CompletableFuture.completedFuture(null);
    }
    return judge(outcome)
        .exceptionally(
            failure -> {
              count("failed");
              LOG.warn(
                  "grader {}: no judgement on query {} of {}",
                  settings.id(),
                  outcome.getQueryId(),
                  outcome.getLlm(),
                  failure);
              return Optional.empty();
            })
        .thenCompose(
            judgement ->
                judgement.isPresent()
                    ? publish(outcome, judgement.get())
                    : CompletableFuture.completedFuture(null));
  }

  private boolean chosen(String queryId) {
    return Math.floorMod(queryId.hashCode() * 0x9e3779b1, HASH_RANGE)
        < settings.share() * HASH_RANGE;
  }

  private CompletableFuture<Optional<Judgement>> judge(Outcome outcome) {
    if (outcome.getStatus() != OutcomeStatus.SUCCEEDED) {
      return CompletableFuture.completedFuture(
          Optional.of(Judgement.of(0, outcome.getStatus() + ": " + outcome.getError())));
    }
    try {
      return function.grade(outcome);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private CompletableFuture<Void> publish(Outcome outcome, Judgement judgement) {
    count("published");
    Grade grade =
        Grade.newBuilder()
            .setQueryId(outcome.getQueryId())
            .setLlm(outcome.getLlm())
            .setGrader(settings.id())
            .setReward(judgement.reward())
            .setComment(judgement.comment())
            .setCostUsd(judgement.costUsd() == null ? outcome.getCostUsd() : judgement.costUsd())
            .setLatencyMs(outcome.getLatencyMs())
            .setGradedAt(clock.instant())
            .build();
    String topic = settings.topics().feedback();
    return send(
        new ProducerRecord<>(
            topic,
            outcome.getQueryId().getBytes(StandardCharsets.UTF_8),
            grades.serialize(topic, grade)));
  }

  private CompletableFuture<Void> bury(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    count("dead_lettered");
    return send(DeadLetters.of(record, settings.topics().dlq(), reason, detail, "grader"));
  }

  private void count(String result) {
    metrics
        .counter("turnout.grader.outcomes", "grader", settings.id(), "result", result)
        .increment();
  }

  private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<Void> safe = new CompletableFuture<>();
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
    return safe;
  }

  /** Stops soon; what is not yet committed is graded again by the next grader of this group. */
  @Override
  public void close() {
    closing = true;
    try {
      if (!stopped.await(10, TimeUnit.SECONDS)) {
        LOG.warn("grader {} did not stop within 10 s", settings.id());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(5));
  }
}
