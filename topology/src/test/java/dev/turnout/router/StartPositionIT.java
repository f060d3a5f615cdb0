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
import org.apache.kafka.clients.producer.KafkaProducer;
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
              GroupStart.settle(
                  kafka.clientConfig(),
                  "many",
                  Map.of(kafka.topics.queries(), Duration.ZERO),
                  StartFrom.LATEST,
                  "router.from");
              return Objects.requireNonNull(
                      admin
                          .listConsumerGroupOffsets("many")
                          .partitionsToOffsetAndMetadata()
                          .get(1, TimeUnit.MINUTES)
                          .get(new TopicPartition(kafka.topics.queries(), 0)))
                  .offset();
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
}
