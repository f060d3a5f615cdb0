package dev.turnout.router;

import static dev.turnout.router.RealKafka.PATIENCE;
import static dev.turnout.router.RealKafka.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.GroupStart;
import dev.turnout.kafka.StartFrom;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where routers of a new application id start, with a real broker. */
@Timeout(300)
class StartPositionIT {

  private static Router router(RealKafka kafka, String protocol, String id, String from) {
    return Router.start(
        kafka.settings(
            "router.group-protocol",
            protocol,
            "router.application-id",
            kafka.topics.prefix() + id,
            "router.from",
            from),
        new TinyEncoder(),
        new SimpleMeterRegistry());
  }

  private static List<String> decided(RealKafka kafka) {
    return kafka.committed(kafka.topics.decisions(), RoutingDecision.class).stream()
        .map(RoutingDecision::getQueryId)
        .sorted()
        .toList();
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "q-" + i).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldLeaveOutWhatIsThereAndMissNothingThatComes(String protocol) throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("start-" + protocol, 1)) {
      kafka.publishLlms();
      kafka.publishModel("m1");

      // given queries from before
      kafka.sendQueries(0, 5);

      // when a router of a new application id starts, and is stopped without having routed any
      router(kafka, protocol, "router", "latest").close();

      // then it goes on there, whatever it is told, with all that came since
      kafka.sendQueries(5, 8);
      try (Router router = router(kafka, protocol, "router", "earliest")) {
        await("three decisions", PATIENCE, () -> decided(kafka).size() >= 3);
        assertThat(router.status().started()).isTrue();
      }
      assertThat(decided(kafka)).isEqualTo(ids(5, 8));

      // and a partition that was added while it was away is read from its beginning
      try (Admin admin = Clients.admin(kafka.clientConfig())) {
        admin
            .createPartitions(Map.of(kafka.topics.queries(), NewPartitions.increaseTo(2)))
            .all()
            .get(1, TimeUnit.MINUTES);
      }
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              kafka.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
        byte[] late =
            kafka.bytes(Query.newBuilder().setId("q-8").setText("on the added one").build());
        producer
            .send(new ProducerRecord<>(kafka.topics.queries(), 1, null, late))
            .get(1, TimeUnit.MINUTES);
      }
      try (Router router = router(kafka, protocol, "router", "latest")) {
        await("a fourth decision", PATIENCE, () -> decided(kafka).size() >= 4);
        assertThat(router.status().started()).isTrue();
      }
      assertThat(decided(kafka)).isEqualTo(ids(5, 9));

      // when another application id is told to read all
      try (Router other = router(kafka, protocol, "other", "earliest")) {
        await("all decisions", PATIENCE, () -> decided(kafka).size() >= 4 + 9);
        assertThat(other.status().started()).isTrue();
      }
      assertThat(decided(kafka)).hasSize(4 + 9).contains("q-0");
    }
  }

  @Test
  void shouldStartAtOnePlaceThoughManyStartAtOnce() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("start-many", 1)) {
      // given traffic that never pauses
      AtomicBoolean running = new AtomicBoolean(true);
      Thread traffic =
          new Thread(
              () -> {
                for (int i = 0; running.get(); i++) {
                  kafka.sendQueries(i, i + 1);
                }
              });
      traffic.start();
      ExecutorService members = Executors.newFixedThreadPool(4);
      try (Admin admin = Clients.admin(kafka.clientConfig())) {
        // when members of one group start at the same time
        Callable<Long> start =
            () -> {
              settle(kafka, "many");
              return committed(admin, "many", new TopicPartition(kafka.topics.queries(), 0));
            };
        List<Future<Long>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          starts.add(members.submit(start));
        }

        // then each finds the same start
        Set<Long> offsets = new HashSet<>();
        for (Future<Long> each : starts) {
          offsets.add(each.get(2, TimeUnit.MINUTES));
        }
        assertThat(offsets).hasSize(1);
      } finally {
        running.set(false);
        traffic.join();
        members.shutdownNow();
      }
    }
  }

  @Test
  void shouldTakeNoGroupForNewWhoseMemberDiedInATransaction() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("start-unstable", 1);
        Admin admin = Clients.admin(kafka.clientConfig())) {
      kafka.sendQueries(0, 5);
      TopicPartition partition = new TopicPartition(kafka.topics.queries(), 0);

      // given a group that stands at 2, and a member that died before it had committed 3
      Producer<byte[], byte[]> first = beginning(kafka, "stands", partition, 2);
      first.commitTransaction();
      first.close();
      Producer<byte[], byte[]> dead = beginning(kafka, "stands", partition, 3);

      // when another starts, then the group goes on where it stands
      assertThat(settle(kafka, "stands")).isFalse();
      dead.abortTransaction();
      dead.close();
      assertThat(committed(admin, "stands", partition)).isEqualTo(2);

      // given a group whose very first commit is under way
      Producer<byte[], byte[]> slow = beginning(kafka, "begins", partition, 1);
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        // when another starts meanwhile
        Future<Boolean> settled = other.submit(() -> settle(kafka, "begins"));
        slow.commitTransaction();

        // then it waits for that commit and changes nothing
        assertThat(settled.get(2, TimeUnit.MINUTES)).isFalse();
        assertThat(committed(admin, "begins", partition)).isEqualTo(1);
      } finally {
        other.shutdownNow();
        slow.close();
      }
    }
  }

  private static boolean settle(RealKafka kafka, String group) {
    return GroupStart.settle(
        kafka.clientConfig(),
        group,
        Map.of(kafka.topics.queries(), Duration.ZERO),
        StartFrom.LATEST,
        "router.from");
  }

  /** A transaction that is to commit an offset of a group, still open. */
  private static Producer<byte[], byte[]> beginning(
      RealKafka kafka, String group, TopicPartition partition, long offset) {
    Producer<byte[], byte[]> producer =
        Clients.transactional(kafka.clientConfig(), group + "-" + offset);
    producer.initTransactions();
    producer.beginTransaction();
    try (Consumer<byte[], byte[]> outsider = Clients.member(kafka.clientConfig(), group, 1)) {
      producer.sendOffsetsToTransaction(
          Map.of(partition, new OffsetAndMetadata(offset)), outsider.groupMetadata());
    }
    producer.flush();
    return producer;
  }

  private static long committed(Admin admin, String group, TopicPartition partition)
      throws Exception {
    return Objects.requireNonNull(
            admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(1, TimeUnit.MINUTES)
                .get(partition))
        .offset();
  }
}
