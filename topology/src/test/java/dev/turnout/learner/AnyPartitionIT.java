package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.kafka.Clients;
import dev.turnout.router.RealKafka;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.HalfPrecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner on a real broker, fed by clients that partition as they like. */
class AnyPartitionIT {
  private static final int QUERIES = 60;
  private static final String LLM = TinyModels.LLMS.get(0);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void shouldJoinWhateverPartitionsAndAlsoThoseThatAreAdded() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("any-partition", 3);
        Admin admin = Admin.create(kafka.clientConfig());
        // what senders have: new partitions take what they send at once
        Producer<byte[], byte[]> producer = Clients.producer(kafka.clientConfig())) {
      // given topics with unequal numbers of partitions, and a learner that notices more soon
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      kafka.publishLlms();
      addPartitions(admin, Map.of(kafka.topics.feedback(), 5));
      try (Learner learner = learner(kafka, meters, "4")) {
        RealKafka.await("the join to run", RealKafka.PATIENCE, learner::isRunning);

        // when the answers come without keys, decisions and grades from a client that hashes
        // otherwise than Kafka's, and more grades without keys
        Traffic traffic = new Traffic(kafka, producer, new ArrayList<>());
        traffic.decide(0, 3, 3);
        awaitRead(kafka, admin, kafka.topics.outcomes());
        traffic.grade(0, 5);

        // then every grade is a sample that knows what its answer cost
        awaitSamples(kafka, 2 * QUERIES);

        // when partitions are added to all three topics, and used
        addPartitions(
            admin,
            Map.of(
                kafka.topics.decisions(), 7,
                kafka.topics.outcomes(), 4,
                kafka.topics.feedback(), 6));
        traffic.decide(QUERIES, 7, 4);
        awaitRead(kafka, admin, kafka.topics.outcomes());
        traffic.grade(QUERIES, 6);

        // then they are read too
        awaitSamples(kafka, 4 * QUERIES);
        List<TrainingSample> samples =
            kafka.committed(kafka.topics.samples(), TrainingSample.class);
        assertThat(samples)
            .hasSize(4 * QUERIES)
            .allSatisfy(sample -> assertThat(sample.getCostUsd()).isEqualTo(0.25));
        assertThat(samples.stream().map(sample -> sample.getQueryId() + sample.getGrader()))
            .doesNotHaveDuplicates();
        assertThat(kafka.committed(List.of(kafka.topics.dlq()))).isEmpty();
        assertThat(learner.isAlive()).isTrue();
        double used = meters.get("turnout.learner.state.bytes").gauge().value();
        assertThat(used).isPositive().isLessThan(32 << 20);
      }

      // and a learner that would look for what is stored elsewhere does not start
      assertThatThrownBy(() -> learner(kafka, new SimpleMeterRegistry(), "5"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("learner.partitions is 5")
          .hasMessageContaining("Set learner.partitions to 4");
    }
  }

  private Learner learner(RealKafka kafka, SimpleMeterRegistry meters, String partitions) {
    return Learner.start(
        LearnerWorld.settings(
            kafka,
            directory,
            "learner.partitions",
            partitions,
            "learner.state-memory-mib",
            "16",
            "kafka.main.consumer.metadata.max.age.ms",
            "500"),
        TinyEncoder.ID,
        meters);
  }

  private static void addPartitions(Admin admin, Map<String, Integer> totals) throws Exception {
    for (Map.Entry<String, Integer> each : totals.entrySet()) {
      admin
          .createPartitions(Map.of(each.getKey(), NewPartitions.increaseTo(each.getValue())))
          .all()
          .get();
    }
  }

  private static void awaitSamples(RealKafka kafka, int count) throws InterruptedException {
    RealKafka.await(
        count + " samples",
        RealKafka.PATIENCE,
        () ->
            kafka.committed(List.of(kafka.topics.samples())).size()
                    + kafka.committed(List.of(kafka.topics.dlq())).size()
                >= count);
  }

  /** Waits until the join has read a topic to its end, and has joined what it read. */
  private static void awaitRead(RealKafka kafka, Admin admin, String topic)
      throws InterruptedException {
    String application = kafka.topics.prefix() + "learner-join";
    for (String each : List.of(topic, application + "-by-query-repartition")) {
      RealKafka.await(
          each + " to be read", RealKafka.PATIENCE, () -> isRead(admin, application, each));
    }
  }

  private static boolean isRead(Admin admin, String group, String topic) {
    try {
      int partitions =
          admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
              .mapToInt(description -> description.partitions().size())
              .sum();
      Map<TopicPartition, OffsetAndMetadata> read =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      for (int i = 0; i < partitions; i++) {
        TopicPartition partition = new TopicPartition(topic, i);
        long end =
            admin
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
        OffsetAndMetadata position = read.get(partition);
        if (end > 0 && (position == null || position.offset() < end - 1)) {
          return false;
        }
      }
      return true;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sixty queries at a time, as producers of other kinds would publish what belongs to them. */
  private record Traffic(RealKafka kafka, Producer<byte[], byte[]> producer, List<Future<?>> sent) {

    void decide(int from, int decisionPartitions, int outcomePartitions) throws Exception {
      for (int i = from; i < from + QUERIES; i++) {
        String id = "q-" + i;
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        send(
            kafka.topics.outcomes(),
            i % outcomePartitions,
            null,
            Outcome.class,
            Outcome.newBuilder()
                .setQueryId(id)
                .setLlm(LLM)
                .setStatus(OutcomeStatus.SUCCEEDED)
                .setCostUsd(0.25)
                .setFinishedAt(now())
                .build());
        send(
            kafka.topics.decisions(),
            crc32(key, decisionPartitions),
            key,
            RoutingDecision.class,
            decision(id));
      }
      allSent();
    }

    void grade(int from, int partitions) throws Exception {
      for (int i = from; i < from + QUERIES; i++) {
        String id = "q-" + i;
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        String topic = kafka.topics.feedback();
        send(topic, crc32(key, partitions), key, Grade.class, graded(id, "librdkafka"));
        send(topic, i % partitions, null, Grade.class, graded(id, "keyless"));
      }
      allSent();
    }

    private <T extends SpecificRecord> void send(
        String topic, int partition, byte @Nullable [] key, Class<T> type, T value) {
      byte[] bytes = AvroSerdes.of(type, kafka.serdes).serializer().serialize(topic, value);
      sent.add(producer.send(new ProducerRecord<>(topic, partition, key, bytes)));
    }

    private void allSent() throws Exception {
      producer.flush();
      for (Future<?> each : sent) {
        each.get();
      }
      sent.clear();
    }
  }

  /** As librdkafka partitions by default. */
  private static int crc32(byte[] key, int partitions) {
    CRC32 hash = new CRC32();
    hash.update(key);
    return (int) (hash.getValue() % partitions);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private static Grade graded(String id, String grader) {
    return Grade.newBuilder()
        .setQueryId(id)
        .setLlm(LLM)
        .setGrader(grader)
        .setReward(0.5)
        .setGradedAt(now())
        .build();
  }

  private static RoutingDecision decision(String id) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm(LLM)
        .setRanking(List.of(new LlmScore(LLM, 0.0, 1.0, 0.5, null, null, 1.0, true, null)))
        .setPropensity(1)
        .setPolicy("random")
        .setModelVersion("any")
        .setEncoderId(TinyEncoder.ID.toString())
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason("test")
        .setEmbedding(HalfPrecision.pack(TinyEncoder.vector(id)))
        .setDecidedAt(now())
        .build();
  }
}
