package dev.turnout.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.kafka.OverdueTransactions;
import dev.turnout.kafka.SupervisedLoop;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What the dead leave open, on a broker that would itself wait for ten minutes. */
class OverdueTransactionsIT {
  private static final int TEN_MINUTES_MS = 600_000;

  @Test
  void shouldEndWhatIsOverdueOfItsOwnApplicationAlone() throws Exception {
    try (EdgeCluster cluster = EdgeCluster.start();
        Admin admin = Admin.create(cluster.kafka());
        KafkaProducer<byte[], byte[]> dead = producer(cluster, "app-" + streamsSuffix());
        KafkaProducer<byte[], byte[]> other = producer(cluster, "app-other-" + streamsSuffix())) {
      // given a transaction of a member that will not end it, and one of another application
      admin
          .createTopics(
              List.of(new NewTopic("held", 1, (short) 1), new NewTopic("free", 1, (short) 1)))
          .all()
          .get();
      dead.initTransactions();
      dead.beginTransaction();
      dead.send(record("held", "never committed")).get();
      cluster.sendBytes("held", "k", "after".getBytes(StandardCharsets.UTF_8));
      other.initTransactions();
      other.beginTransaction();
      other.send(record("free", "committed")).get();

      // when another member looks for what is open for more than a second
      try (SupervisedLoop looking =
          OverdueTransactions.start(
              cluster.kafka(), "app", Map.of("transaction.timeout.ms", 1_000))) {
        List<ConsumerRecord<byte[], byte[]>> read =
            cluster.readBytes("held", records -> !records.isEmpty());

        // then readers go on behind it, and its owner is refused when it comes back
        assertThat(read).extracting(OverdueTransactionsIT::text).containsExactly("after");
        assertThatThrownBy(dead::commitTransaction).isInstanceOf(KafkaException.class);
        other.commitTransaction();
        assertThat(cluster.readBytes("free", records -> !records.isEmpty()))
            .extracting(OverdueTransactionsIT::text)
            .containsExactly("committed");
        assertThat(looking.state().failingSince()).isNull();
      }
    }
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  /** What Kafka Streams adds to the application's id: process and thread. */
  private static String streamsSuffix() {
    return UUID.randomUUID() + "-1";
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, String text) {
    return new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8));
  }

  private static KafkaProducer<byte[], byte[]> producer(EdgeCluster cluster, String id) {
    Map<String, Object> config = new HashMap<>(cluster.kafka());
    config.put("transactional.id", id);
    config.put("transaction.timeout.ms", TEN_MINUTES_MS);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
