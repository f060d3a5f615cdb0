package dev.turnout.learner;

import dev.turnout.router.RealKafka;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Queries that flow until it is closed, every decision graded by what its LLM is good for. */
final class GradedStream implements AutoCloseable {
  private static final int QUERIES_A_ROUND = 5;
  private static final double SPREAD = 0.1;
  private static final Duration ROUND = Duration.ofMillis(25);

  private final RealKafka kafka;
  private final Map<String, Double> reward;
  private final List<RoutingDecision> decisions = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  private GradedStream(RealKafka kafka, Map<String, Double> reward) {
    this.kafka = kafka;
    this.reward = reward;
    this.thread = new Thread(this::run, "traffic");
  }

  /**
   * Starts the traffic.
   *
   * @param reward mean reward by LLM; 0 for those it does not name. Rewards lie so close around it
   *     that no model looks better or worse than it is by luck.
   */
  static GradedStream start(RealKafka kafka, Map<String, Double> reward) {
    GradedStream traffic = new GradedStream(kafka, reward);
    traffic.thread.start();
    return traffic;
  }

  private void run() {
    Random random = new Random(5);
    Map<String, Object> consuming = new HashMap<>();
    consuming.put("bootstrap.servers", kafka.bootstrapServers);
    consuming.put("isolation.level", "read_committed");
    int sent = 0;
    try (KafkaProducer<String, Query> queries = producer(kafka, Query.class);
        KafkaProducer<String, Grade> grades = producer(kafka, Grade.class);
        KafkaConsumer<String, RoutingDecision> decided =
            new KafkaConsumer<>(
                consuming,
                new StringDeserializer(),
                AvroSerdes.of(RoutingDecision.class, kafka.serdes).deserializer())) {
      List<TopicPartition> partitions =
          decided.partitionsFor(kafka.topics.decisions()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      decided.assign(partitions);
      decided.seekToBeginning(partitions);
      while (!closed) {
        for (int i = 0; i < QUERIES_A_ROUND; i++) {
          String id = "t-" + sent++;
          Query query = Query.newBuilder().setId(id).setText("question " + id).build();
          Future<?> unused = queries.send(new ProducerRecord<>(kafka.topics.queries(), id, query));
        }
        for (ConsumerRecord<String, RoutingDecision> record : decided.poll(ROUND)) {
          RoutingDecision decision = record.value();
          synchronized (decisions) {
            decisions.add(decision);
          }
          Future<?> unused =
              grades.send(
                  new ProducerRecord<>(
                      kafka.topics.feedback(),
                      decision.getQueryId(),
                      grade(decision, drawn(decision, random))));
        }
        Thread.sleep(ROUND.toMillis());
      }
    } catch (InterruptedException | InterruptException e) {
      closed = true;
    }
  }

  /** A producer of records of one type. */
  static <T extends SpecificRecord> KafkaProducer<String, T> producer(
      RealKafka kafka, Class<T> type) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers, "linger.ms", 0),
        new StringSerializer(),
        AvroSerdes.of(type, kafka.serdes).serializer());
  }

  private double drawn(RoutingDecision decision, Random random) {
    double mean = reward.getOrDefault(decision.getLlm(), 0.0);
    return Math.max(0, mean + SPREAD * (random.nextDouble() - 0.5));
  }

  /** A grade of the LLM that was chosen, given now. */
  static Grade grade(RoutingDecision decision, double reward) {
    return Grade.newBuilder()
        .setQueryId(decision.getQueryId())
        .setLlm(decision.getLlm())
        .setGrader("truth")
        .setReward(reward)
        .setGradedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  /** Every decision so far, in the order they were read. */
  List<RoutingDecision> decisions() {
    synchronized (decisions) {
      return List.copyOf(decisions);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
  }
}
