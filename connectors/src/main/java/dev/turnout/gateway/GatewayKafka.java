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
 * The gateway's side of Kafka: publishes queries and grades, and reads every decision, outcome and
 * dead letter.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>No answer is missed.</b> A query is registered in {@code waiting} before it is sent, and
 *       no request is taken before {@link #awaitStart}, when the reader stands at the end of each
 *       topic: every answer lies behind both.
 *   <li><b>Any gateway can serve any query.</b> The reader belongs to no consumer group, so each
 *       gateway reads all answers and takes those to its own queries; a client may ask one gateway
 *       and look its decision up at another. The price is that each reads everything.
 *   <li><b>Nothing waits for ever.</b> An entry of {@code waiting} goes with its outcome, its
 *       refusal, a failed send or the timeout, whichever comes first. A second outcome, which
 *       at-least-once delivery may bring, finds nobody waiting.
 *   <li><b>A refusal ends the wait, a later decision withdraws it.</b> A query may be refused and
 *       then be decided, e.g. when its producer sends it again under the same id.
 *   <li><b>Memory is bounded</b> by number and bytes: ids and details are written by clients.
 *   <li><b>One bad record stops nothing, an outage loses nothing.</b> A record that cannot be read
 *       is logged and left out; if the registry is away the record is read again.
 * </ul>
 *
 * <p>Answers are completed on the common pool, so that a slow client never holds back the reader.
 * Decisions of the last minutes are read again at the start, so that they can be looked up after a
 * restart.
 */
final class GatewayKafka implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayKafka.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  /** As they stand on their topic; in memory they take some times as much. */
  private static final long MOST_REMEMBERED_BYTES = 64L * 1024 * 1024;

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
    this.decided = new Remembered<>(settings.mostRemembered(), MOST_REMEMBERED_BYTES);
    this.refused = new Remembered<>(settings.mostRemembered(), MOST_REMEMBERED_BYTES);
    this.sender =
        RecordSender.open(
            settings.kafka(),
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0, ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000));
    this.tail = new TopicTail<>(Clients.reader(settings.kafka()), settings.followed(), this::start);
    this.loop = SupervisedLoop.start("gateway-traffic", tail.body(this::follow));
  }

  /** Waits until no outcome can be missed any more; false when that takes too long. */
  boolean awaitStart() throws InterruptedException {
    return started.await(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS);
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

  /** The latest decision on a query, if it is remembered here. */
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
    tail.poll(POLL, this::read);
  }

  /** Decisions of the last minutes, and the rest from now on. */
  private void start(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    long since = clock.millis() - settings.decisionMemory().toMillis();
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

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.topic().equals(settings.topics().decisions())) {
        decided(decisions.deserialize(record.topic(), record.value()), record);
      } else if (record.topic().equals(settings.topics().dlq())) {
        Refusal.of(record, settings.topics()).ifPresent(this::refused);
      } else {
        answered(outcomes.deserialize(record.topic(), record.value()));
      }
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure; // the record is not to blame and is read again
      }
      LOG.atWarn()
          .setMessage("record cannot be read and is left out")
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(failure)
          .log();
    }
  }

  private void decided(@Nullable RoutingDecision decision, ConsumerRecord<byte[], byte[]> record) {
    if (decision != null) {
      int size = record.serializedKeySize() + record.serializedValueSize();
      decided.put(decision.getQueryId(), decision, size);
      refused.forget(decision.getQueryId());
    }
  }

  private void refused(Refusal refusal) {
    int size = refusal.queryId().length() + refusal.detail().length();
    refused.put(refusal.queryId(), refusal, size);
    CompletableFuture<Outcome> answer = waiting.get(refusal.queryId());
    if (answer != null) {
      answer.completeAsync(
          () -> {
            throw refusal.error();
          });
    }
  }

  private void answered(@Nullable Outcome outcome) {
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
