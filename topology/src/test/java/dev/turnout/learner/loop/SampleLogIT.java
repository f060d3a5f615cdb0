package dev.turnout.learner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.local.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class SampleLogIT {
  private static final String TOPIC = "samples";
  private static final int WINDOW = 20;

  @Test
  void shouldReadSoFarBackThatTheWindowIsFull() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary())) {
      // given a log whose end is transaction markers and one sample graded over and over
      write(broker);
      int tail = 2 * WINDOW;

      // when
      List<String> read = new ArrayList<>();
      try (SampleLog log =
          new SampleLog(
              TOPIC,
              WINDOW,
              Long.MAX_VALUE,
              Map.of("bootstrap.servers", broker.bootstrapServers()),
              record -> Optional.of(name(record)).filter(name -> !name.equals("foreign")))) {
        while (!log.caughtUp()) {
          log.poll(Duration.ofMillis(100), record -> read.add(name(record)));
        }
      }

      // then the window is the one of somebody who has read everything, without reading everything
      assertThat(read).hasSizeGreaterThan(tail).doesNotContain("q0");
      Set<String> window = new LinkedHashSet<>(read);
      window.remove("foreign");
      assertThat(window).contains("again").hasSizeGreaterThanOrEqualTo(WINDOW);
      assertThat(new ArrayList<>(window).subList(window.size() - 4, window.size()))
          .containsExactly("q297", "q298", "q299", "again");
    }
  }

  private static void write(EmbeddedBroker broker) throws ExecutionException, InterruptedException {
    String servers = broker.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "transactional.id", "writer"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < 300; i++) {
        send(producer, "q" + i);
      }
      producer.commitTransaction();
      for (int i = 0; i < 30; i++) {
        producer.beginTransaction();
        send(producer, i % 2 == 0 ? "again" : "foreign");
        producer.commitTransaction();
      }
    }
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String name) {
    var unused = producer.send(new ProducerRecord<>(TOPIC, name.getBytes(StandardCharsets.UTF_8)));
  }

  private static String name(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }
}
