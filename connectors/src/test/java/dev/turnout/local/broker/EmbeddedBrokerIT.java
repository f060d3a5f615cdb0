package dev.turnout.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

  private static final TopicCatalogue TOPICS = TopicCatalogue.standard().withPartitions(2);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void shouldHideAbortedTransactionsAndKeepTheLogOverARestart() {
    // given a broker in a directory of its own, with the catalogue's topics
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(new EmbeddedBroker.Settings(directory, 0, Map.of()))) {
      try (Admin admin = Admin.create(clientConfig(broker))) {
        assertThat(TopicAdmin.create(admin, TOPICS, (short) 1)).contains("turnout.queries");
        assertThat(TopicAdmin.create(admin, TOPICS, (short) 1)).isEmpty();
        assertThat(TopicAdmin.createRequests(admin, TOPICS, Set.of("a/b"), (short) 1))
            .containsExactly("turnout.requests.a-b", "turnout.requests.a-b.batch");
      }

      // when one transaction is aborted and the next committed
      try (KafkaProducer<String, String> producer = transactionalProducer(broker)) {
        producer.initTransactions();
        producer.beginTransaction();
        Future<RecordMetadata> unusedFirst =
            producer.send(new ProducerRecord<>(TOPICS.queries(), "1", "aborted"));
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        Future<RecordMetadata> unusedSecond =
            producer.send(new ProducerRecord<>(TOPICS.queries(), "2", "committed"));
        producer.commitTransaction();
      }
    }

    // then a reader of committed records sees just the second, even after a restart
    try (EmbeddedBroker again =
        EmbeddedBroker.start(new EmbeddedBroker.Settings(directory, 0, Map.of()))) {
      assertThat(readOne(again)).containsExactly("committed");
    }
  }

  @Test
  void shouldKeepAllThatIsSentToTopicsJustCreated() throws Exception {
    // given a producer as clients make it, with several requests under way
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(new EmbeddedBroker.Settings(directory, 0, Map.of()));
        Admin admin = Admin.create(clientConfig(broker))) {
      Map<String, Object> config = clientConfig(broker);
      config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
      config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
      List<String> llms = IntStream.range(0, 40).mapToObj(i -> "llm-" + i).toList();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {

        // when it sends to them at once, and goes on
        Set<String> created = TopicAdmin.createRequests(admin, TOPICS, llms, (short) 1);
        for (int i = 0; i < 20; i++) {
          for (String topic : created) {
            sent.add(producer.send(new ProducerRecord<>(topic, "q-" + i, "text")));
          }
          Thread.sleep(1);
        }
      }

      // then no record is refused for good, as one is that comes before its partition's leader
      for (Future<RecordMetadata> each : sent) {
        assertThat(each.get().hasOffset()).isTrue();
      }
    }
  }

  @Test
  void shouldDeleteItsTemporaryDirectory() {
    // given
    EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
    assertThat(broker.dataDir()).exists();

    // when
    broker.close();
    broker.close();

    // then
    assertThat(Files.exists(broker.dataDir())).isFalse();
  }

  @Test
  void shouldNameTheDirectoryThatIsUsed() {
    // given
    EmbeddedBroker.Settings settings = new EmbeddedBroker.Settings(directory, 0, Map.of());
    try (EmbeddedBroker unused = EmbeddedBroker.start(settings)) {

      // when, then
      assertThatThrownBy(() -> EmbeddedBroker.start(settings))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining(directory + " is used by another broker")
          .hasMessageContaining("choose another directory");
    }
  }

  @Test
  void shouldNameThePortThatIsTaken() throws Exception {
    // given
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      EmbeddedBroker.Settings settings =
          new EmbeddedBroker.Settings(directory, other.getLocalPort(), Map.of());

      // when, then
      assertThatThrownBy(() -> EmbeddedBroker.start(settings))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("port " + other.getLocalPort() + " is taken")
          .hasMessageContaining("choose another port");
    }
  }

  private static List<String> readOne(EmbeddedBroker broker) {
    Map<String, Object> config = clientConfig(broker);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, "reader");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPICS.queries()));
      Instant deadline = Instant.now().plusSeconds(90);
      while (values.isEmpty() && Instant.now().isBefore(deadline)) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  private static KafkaProducer<String, String> transactionalProducer(EmbeddedBroker broker) {
    Map<String, Object> config = clientConfig(broker);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "writer");
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private static Map<String, Object> clientConfig(EmbeddedBroker broker) {
    return new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }
}
