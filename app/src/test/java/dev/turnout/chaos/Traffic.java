package dev.turnout.chaos;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The applications of an installation: they ask at an even rate, a query in each partition in turn,
 * and grade every decision that they see. They talk to the brokers directly, and remember what the
 * brokers acknowledged: that and nothing else must be accounted for in the end.
 */
final class Traffic implements AutoCloseable {
  static final String GRADER = "truth";

  private final Installation installation;
  private final Silences silences;
  private final Map<String, Place> queries = new ConcurrentHashMap<>();
  private final Map<String, Place> grades = new ConcurrentHashMap<>();
  private final Set<Poison> refused = ConcurrentHashMap.newKeySet();
  private final Map<Place, Poison> poison = new ConcurrentHashMap<>();
  private final Set<String> uncertain = ConcurrentHashMap.newKeySet();
  private final Latencies latencies = new Latencies();
  private final Serializer<Query> querySerializer;
  private final Serializer<Grade> gradeSerializer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread asking;
  private final Thread watching;
  private volatile double perSecond;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  private Traffic(Installation installation, double perSecond) {
    this.installation = installation;
    this.perSecond = perSecond;
    this.silences = new Silences(installation.topics.partitions());
    this.querySerializer = serializer(Query.class);
    this.gradeSerializer = serializer(Grade.class);
    // both schemas are registered before anything can be in the way
    byte[] unusedQuery = bytes(query("q"));
    byte[] unusedGrade = bytes(grade("q", "alpha", 0));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                installation.cluster().bootstrapServers(),
                "max.request.size",
                32 << 20,
                "compression.type",
                "zstd",
                "linger.ms",
                0,
                "max.block.ms",
                120_000,
                "delivery.timeout.ms",
                120_000,
                "request.timeout.ms",
                5_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.asking = new Thread(() -> guarded(this::ask), "chaos-asking");
    this.watching = new Thread(() -> guarded(this::watch), "chaos-watching");
  }

  /** Starts to ask. */
  static Traffic start(Installation installation, double perSecond) {
    Traffic traffic = new Traffic(installation, perSecond);
    traffic.watching.start();
    traffic.asking.start();
    return traffic;
  }

  private <T extends SpecificRecord> Serializer<T> serializer(Class<T> type) {
    return AvroSerdes.of(type, installation.clients()).serializer();
  }

  private String topic() {
    return installation.topics.queries();
  }

  private void guarded(Runnable loop) {
    try {
      loop.run();
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void ask() {
    long next = System.nanoTime();
    for (int i = 0; !closed; i++) {
      if (perSecond <= 0) {
        return;
      }
      String id = id(i);
      latencies.asked(id);
      send(
          topic(),
          id.getBytes(StandardCharsets.UTF_8),
          bytes(query(id)),
          place -> {
            if (place == null) {
              uncertain.add(id);
            } else {
              queries.put(id, place);
            }
          });
      // after a broker that held us up the rate goes on, without what was missed
      next = Math.max(next + (long) (1e9 / perSecond), System.nanoTime() - 1_000_000_000L);
      sleepUntil(next);
    }
  }

  private static void sleepUntil(long nanos) {
    try {
      Thread.sleep(Math.max(0, (nanos - System.nanoTime()) / 1_000_000));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** An id that Kafka's default partitioner puts into partition {@code i} modulo their number. */
  private String id(int i) {
    int partitions = installation.topics.partitions();
    return IntStream.iterate(0, suffix -> suffix + 1)
        .mapToObj(suffix -> "c-" + i + "-" + suffix)
        .filter(
            id ->
                BuiltInPartitioner.partitionForKey(id.getBytes(StandardCharsets.UTF_8), partitions)
                    == i % partitions)
        .findFirst()
        .orElseThrow();
  }

  static Query query(String id) {
    return Query.newBuilder().setId(id).setText("What is to be said about number " + id).build();
  }

  private byte[] bytes(Query query) {
    return querySerializer.serialize(topic(), query);
  }

  private byte[] bytes(Grade grade) {
    return gradeSerializer.serialize(installation.topics.feedback(), grade);
  }

  static Grade grade(String query, String llm, double reward) {
    return Grade.newBuilder()
        .setQueryId(query)
        .setLlm(llm)
        .setGrader(GRADER)
        .setReward(reward)
        .setGradedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private void send(
      String topic, byte[] key, byte @Nullable [] value, Consumer<@Nullable Place> then) {
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(topic, key, value),
            (metadata, refused) ->
                then.accept(
                    refused == null
                        ? new Place(topic, metadata.partition(), metadata.offset())
                        : null));
  }

  /** Sends a record that nobody can use. */
  void poison(Poison kind, int number) {
    String topic = kind.topic(installation.topics);
    byte[] key = ("p-" + number).getBytes(StandardCharsets.UTF_8);
    send(
        topic,
        key,
        kind.value(this::bytes, this::bytes, "p-" + number),
        place -> {
          if (place == null) {
            refused.add(kind);
          } else {
            poison.put(place, kind);
          }
        });
  }

  private void watch() {
    try (KafkaConsumer<byte[], byte[]> decisions = decisionsFromNow(installation);
        var deserializer =
            AvroSerdes.of(RoutingDecision.class, installation.clients()).deserializer()) {
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : decisions.poll(Duration.ofMillis(100))) {
          RoutingDecision decision;
          try {
            decision = deserializer.deserialize(record.topic(), record.value());
          } catch (SerializationException ourPoison) {
            continue;
          }
          silences.progress(record.partition());
          latencies.decided(decision.getQueryId());
          gradeOnce(decision.getQueryId(), decision.getLlm());
        }
      }
    }
  }

  /** Reads the decisions that are committed after this returns. */
  static KafkaConsumer<byte[], byte[]> decisionsFromNow(Installation installation) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", installation.cluster().bootstrapServers());
    config.put("isolation.level", "read_committed");
    // what is measured are the routers: this reader finds a new leader as soon as there is one
    config.put("fetch.max.wait.ms", 100);
    config.put("request.timeout.ms", 3_000);
    config.put("metadata.max.age.ms", 1_000);
    config.put("reconnect.backoff.max.ms", 200);
    KafkaConsumer<byte[], byte[]> decisions =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        IntStream.range(0, installation.topics.partitions())
            .mapToObj(i -> new TopicPartition(installation.topics.decisions(), i))
            .toList();
    decisions.assign(partitions);
    decisions.seekToEnd(partitions);
    partitions.forEach(decisions::position);
    return decisions;
  }

  private void gradeOnce(String query, String llm) {
    double reward = Math.floorMod((query + llm).hashCode() * 31, 100) / 100.0;
    send(
        installation.topics.feedback(),
        query.getBytes(StandardCharsets.UTF_8),
        bytes(grade(query, llm, reward)),
        place -> {
          if (place != null) {
            grades.put(query, place);
          }
        });
  }

  /** Every acknowledged query, by id. */
  Map<String, Place> queries() {
    return queries;
  }

  /** Queries that may have arrived or not: the brokers gave no answer. */
  Set<String> uncertain() {
    return uncertain;
  }

  /** Every acknowledged grade, by the query's id. */
  Map<String, Place> grades() {
    return grades;
  }

  /** Every acknowledged record that nobody can use. */
  Map<Place, Poison> poison() {
    return poison;
  }

  /** What of it the brokers did not take at all. */
  Set<Poison> refusedPoison() {
    return refused;
  }

  Silences silences() {
    return silences;
  }

  Latencies latencies() {
    return latencies;
  }

  /** Stops to ask; returns when all that was sent is acknowledged or given up. */
  void finishAsking() throws InterruptedException {
    perSecond = 0;
    asking.join();
    producer.flush();
    requireNoFailure();
  }

  /** Throws what ended one of the loops. */
  void requireNoFailure() {
    RuntimeException ended = failure;
    if (ended != null) {
      throw new AssertionError("the traffic has ended", ended);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    asking.interrupt();
    asking.join();
    watching.join();
    producer.close(Duration.ofSeconds(10));
  }
}
