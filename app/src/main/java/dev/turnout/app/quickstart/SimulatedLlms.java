package dev.turnout.app.quickstart;

import dev.turnout.app.kafka.CommittedReader;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every LLM's requests after the LLM's stated latency, and grades each answer by what the
 * scenario says it is worth. Queries from outside the scenario are answered too, and not graded:
 * nobody knows what a simulated answer to them is worth.
 */
final class SimulatedLlms implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SimulatedLlms.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A stated second takes this many milliseconds here, so that the sample is through soon. */
  private static final double SLEPT_MILLIS_PER_SECOND = 100;

  private static final double UNKNOWN_LATENCY_MILLIS = 1000;
  private static final String GRADER = "simulated-grader";

  private final TopicCatalogue topics;
  private final Scenario scenario;
  private final StreamIds ids;
  private final Map<String, LlmProfile> profiles;
  private final List<String> order;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<String, byte[]> producer;
  private final Deserializer<RoutedRequest> requests;
  private final Serializer<Outcome> outcomes;
  private final Serializer<Grade> grades;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "turnout-llm-clock"));
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Thread thread = daemon(this::run, "turnout-llms");

  private SimulatedLlms(TopicCatalogue topics, Scenario scenario, StreamIds ids, Cluster cluster) {
    this.topics = topics;
    this.scenario = scenario;
    this.ids = ids;
    this.order = scenario.llms().stream().map(LlmProfile::getId).toList();
    this.profiles =
        scenario.llms().stream().collect(Collectors.toMap(LlmProfile::getId, llm -> llm));
    Map<String, Object> serde = cluster.serdeSettings();
    this.requests = AvroSerdes.of(RoutedRequest.class, serde).deserializer();
    this.outcomes = AvroSerdes.of(Outcome.class, serde).serializer();
    this.grades = AvroSerdes.of(Grade.class, serde).serializer();
    this.producer =
        new KafkaProducer<>(
            cluster.clientSettings(), new StringSerializer(), new ByteArraySerializer());
    this.consumer = CommittedReader.open(cluster.clientSettings());
    List<TopicPartition> partitions =
        CommittedReader.partitions(consumer, order.stream().map(topics::requests).toList());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  static SimulatedLlms start(
      TopicCatalogue topics, Scenario scenario, StreamIds ids, Cluster cluster) {
    SimulatedLlms llms = new SimulatedLlms(topics, scenario, ids, cluster);
    llms.thread.start();
    return llms;
  }

  private void run() {
    try (consumer) {
      while (running.get()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          accept(requests.deserialize(record.topic(), record.value()));
        }
      }
    }
  }

  private void accept(RoutedRequest request) {
    double stated = latencyMillis(request);
    var answered =
        clock.schedule(
            () -> answer(request, stated),
            (long) (stated * SLEPT_MILLIS_PER_SECOND / 1000),
            TimeUnit.MILLISECONDS);
    LOG.trace("answer scheduled: {}", answered);
  }

  private double latencyMillis(RoutedRequest request) {
    LlmProfile profile = profiles.get(request.getDecision().getLlm());
    Double mean = profile == null ? null : profile.getExpectedLatencyMs();
    // Half to one and a half times the stated mean, the same for the same query.
    double factor = 0.5 + new SplittableRandom(request.getQuery().getId().hashCode()).nextDouble();
    return (mean == null ? UNKNOWN_LATENCY_MILLIS : mean) * factor;
  }

  private void answer(RoutedRequest request, double latencyMillis) {
    String id = request.getQuery().getId();
    String llm = request.getDecision().getLlm();
    int index = order.indexOf(llm);
    OptionalInt position = ids.position(id);
    Outcome.Builder outcome =
        Outcome.newBuilder()
            .setQueryId(id)
            .setLlm(llm)
            .setAttempt(request.getAttempt())
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setAnswer("(a simulated answer of " + llm + ")")
            .setLatencyMs(Math.round(latencyMillis))
            .setShadow(request.getShadow())
            .setWorker("simulated")
            .setFinishedAt(Instant.now());
    if (position.isPresent() && index >= 0) {
      GradedQuery truth = scenario.at(position.getAsInt());
      double cost = truth.costsUsd()[index];
      outcome.setCostUsd(Double.isNaN(cost) ? null : cost);
      send(topics.outcomes(), id, outcomes, outcome.build());
      double reward = truth.rewards()[index];
      if (!Double.isNaN(reward)) {
        send(
            topics.feedback(),
            id,
            grades,
            Grade.newBuilder()
                .setQueryId(id)
                .setLlm(llm)
                .setGrader(GRADER)
                .setReward(reward)
                .setCostUsd(Double.isNaN(cost) ? null : cost)
                .setLatencyMs(Math.round(latencyMillis))
                .setGradedAt(Instant.now())
                .build());
      }
    } else {
      send(topics.outcomes(), id, outcomes, outcome.build());
    }
  }

  private <T extends SpecificRecord> void send(
      String topic, String key, Serializer<T> serializer, T value) {
    var sent =
        producer.send(
            new ProducerRecord<>(topic, key, serializer.serialize(topic, value)),
            (metadata, refused) -> {
              if (refused != null && running.get()) {
                LOG.warn("{} was not written for query {}", topic, key, refused);
              }
            });
    LOG.trace("sent: {}", sent);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    running.set(false);
    clock.shutdownNow();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(PATIENCE);
  }
}
