package dev.turnout.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.local.broker.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of transactions when the only broker is killed and starts again on its log. */
class BrokerKillIT {
  private static final String TOPIC = "committed";
  private static final int PARTITIONS = 8;

  /** What the controller changes at once takes the longer, the more partitions there are. */
  private static final int IDLE = 500;

  private static final int WRITERS = 8;
  private static final int TRANSACTIONS_BEFORE = 300;
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void shouldShowAllThatWasCommitted() throws Exception {
    String port = Integer.toString(FreePort.find());
    String servers = "localhost:" + port;
    Set<String> committed = ConcurrentHashMap.newKeySet();
    CountDownLatch warm = new CountDownLatch(TRANSACTIONS_BEFORE);
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try (ChildProcess broker =
        ChildProcess.of(
            "broker",
            ChildProcess.Jvm.quick("256m"),
            directory,
            Map.of("TURNOUT_METRICS_PORT", "0"),
            "dev.turnout.app.Turnout",
            "broker",
            "--port=" + port,
            "--data=" + directory.resolve("log"))) {
      // given writers that commit one transaction after the other, over all partitions
      broker.start();
      createTopic(servers);
      List<Future<?>> writing =
          IntStream.range(0, WRITERS)
              .<Future<?>>mapToObj(
                  writer ->
                      writers.submit(() -> write(servers, "w" + writer, committed, warm, enough)))
              .toList();
      assertThat(warm.await(90, TimeUnit.SECONDS)).isTrue();

      // when the broker is killed between them and the ends it owes their partitions
      enough.set(true);
      broker.kill();
      broker.start();
      for (Future<?> each : writing) {
        each.get();
      }

      // then nothing that a writer saw committed is hidden from readers of committed records
      assertThat(read(servers, committed)).containsAll(committed);
    } finally {
      writers.shutdownNow();
    }
  }

  private static void createTopic(String servers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(TOPIC, PARTITIONS, (short) 1),
                  new NewTopic("idle", IDLE, (short) 1)))
          .all()
          .get();
    }
  }

  private static void write(
      String servers,
      String writer,
      Set<String> committed,
      CountDownLatch warm,
      AtomicBoolean enough) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "transactional.id", writer),
            new StringSerializer(),
            new StringSerializer())) {
      producer.initTransactions();
      for (int i = 0; !enough.get(); i++) {
        List<String> values = new ArrayList<>();
        producer.beginTransaction();
        for (int partition = 0; partition < PARTITIONS; partition++) {
          String value = writer + "-" + i + "-" + partition;
          Future<?> unused = producer.send(new ProducerRecord<>(TOPIC, partition, null, value));
          values.add(value);
        }
        producer.commitTransaction();
        committed.addAll(values);
        warm.countDown();
      }
    }
  }

  /** Committed values from the beginning on, until the wanted ones are among them or time is up. */
  private static Set<String> read(String servers, Set<String> wanted) {
    Set<String> values = new HashSet<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                servers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(
          IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList());
      long deadline = System.nanoTime() + SEEN_WITHIN.toNanos();
      while (!values.containsAll(wanted) && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
