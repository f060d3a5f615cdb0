package dev.turnout.gateway;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
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
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);

  private final GatewaySettings settings;
  private final Clock clock;
  private final RecordSender sender;
  private final Serializer<Query> queries;
  private final Serializer<Grade> grades;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Map<String, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();
  private final Remembered<RoutingDecision> decided;
  private final Remembered<Refusal> refused;
  private final CountDownLatch started = new CountDownLatch(1);
  private final TopicTail<byte[], byte[]> tail;
  private final SupervisedLoop loop;

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
    this.sender =
        RecordSender.open(
            settings.kafka(),
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0, ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000));
    this.tail = new TopicTail<>(Clients.reader(settings.kafka()), settings.followed(), this::start);
    this.loop = SupervisedLoop.start("gateway-traffic", tail.body(this::follow));
  }

  /** Waits until no outcome can be missed any more; false when that takes too long. */
  boolean awaitStart() throws InterruptedException {
    return started.await(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How reading decisions, outcomes and dead letters is going. */
  LoopState loop() {
    return loop.state();
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
    return sender.send(settings.topics().queries(), query.getId(), queries, query);
  }

  /** Publishes a grade; completes when it is safe on its topic. */
  CompletableFuture<Void> publish(Grade grade) {
    return sender.send(settings.topics().feedback(), grade.getQueryId(), grades, grade);
  }

  Optional<RoutingDecision> decision(String queryId) {
    return decided.of(queryId);
  }

  /** Why the query was refused, unless it has been decided since. */
  Optional<Refusal> refusal(String queryId) {
    return refused.of(queryId);
  }

  private void follow() {
    if (started.getCount() > 0) {
      tail.begin();
      started.countDown();
    }
    tail.poll(POLL, this::see);
  }

  /** Decisions of the last minutes, and the rest from now on. */
  private void start(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    long since = clock.millis() - settings.memory().toMillis();
    Map<TopicPartition, Long> times = new HashMap<>();
    for (TopicPartition partition : ends.keySet()) {
      if (partition.topic().equals(settings.topics().decisions())) {
        times.put(partition, since);
      }
    }
    Map<TopicPartition, OffsetAndTimestamp> recent = consumer.offsetsForTimes(times);
    ends.forEach(
        (partition, end) -> {
          OffsetAndTimestamp found = recent.get(partition);
          consumer.seek(partition, found == null ? end : found.offset());
        });
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
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure; // the record is not to blame and is read again
      }
      LOG.atWarn()
          .setMessage("the gateway leaves out a record that it cannot read")
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(failure)
          .log();
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
    loop.close();
    sender.close();
  }
}
