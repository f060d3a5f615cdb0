package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A real broker and a real registry, shared by all integration tests of this process; each test
 * takes a topic prefix of its own, and a new one whenever it runs again.
 */
public final class RealKafka implements AutoCloseable {
  /** Far longer than anything takes on a busy machine; only what is broken waits so long. */
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  private static @Nullable EmbeddedBroker broker;
  private static @Nullable InProcessRegistry registry;
  private static final Map<String, Integer> PREFIXES = new HashMap<>();

  public final TopicCatalogue topics;
  public final String bootstrapServers;
  public final Map<String, Object> serdes;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final CommittedRecords committed;
  private final Queue<Future<?>> sent = new ConcurrentLinkedQueue<>();

  private RealKafka(String bootstrapServers, String registryUrl, String prefix, int partitions) {
    this.bootstrapServers = bootstrapServers;
    this.topics = TopicCatalogue.withPrefix(prefix).withPartitions(partitions);
    this.serdes = Map.of("schema.registry.url", registryUrl);
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "max.request.size",
                8 << 20,
                // or the first record may be lost to a partition that has no leader yet
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.committed = new CommittedRecords(admin, bootstrapServers, serdes);
    TopicAdmin.create(admin, topics, (short) 1);
  }

  public static RealKafka withTopics(String prefix) {
    return withTopics(prefix, 3);
  }

  public static synchronized RealKafka withTopics(String prefix, int partitions) {
    if (broker == null || registry == null) {
      broker =
          EmbeddedBroker.start(
              new EmbeddedBroker.Settings(
                  null,
                  0,
                  Map.of(
                      // A killed router's transaction must be aborted soon after its time is up.
                      "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500",
                      "group.min.session.timeout.ms", "1000",
                      "group.streams.min.session.timeout.ms", "1000",
                      "group.streams.session.timeout.ms", "3000",
                      "group.streams.min.heartbeat.interval.ms", "500",
                      "group.streams.heartbeat.interval.ms", "500")));
      registry = InProcessRegistry.start(0, null);
      Runtime.getRuntime().addShutdownHook(new Thread(RealKafka::stop));
    }
    return new RealKafka(broker.bootstrapServers(), registry.url(), fresh(prefix), partitions);
  }

  /** The shared broker with another registry than the shared one. */
  static synchronized RealKafka withTopics(String prefix, String registryUrl) {
    try (RealKafka shared = withTopics(prefix)) {
      return new RealKafka(shared.bootstrapServers, registryUrl, shared.topics.prefix(), 3);
    }
  }

  private static String fresh(String prefix) {
    int times = PREFIXES.merge(prefix, 1, Integer::sum);
    return times == 1 ? prefix : prefix + "-" + times;
  }

  private static synchronized void stop() {
    if (broker != null) {
      broker.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  /** Settings of a router on these topics that notices a crash soon. */
  public RouterSettings settings(String... keysAndTexts) {
    Map<String, String> texts = texts();
    texts.put("router.application-id", topics.prefix() + "router");
    texts.put("router.transaction-timeout", "4s");
    texts.put("router.from", "earliest"); // tests publish first
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
    }
    return RouterSettings.from(SettingValues.of(texts), "test");
  }

  /** The texts by which settings lead here, for a test to add to. */
  public Map<String, String> texts() {
    Map<String, String> texts =
        ConnectionSettings.texts(
            bootstrapServers, String.valueOf(serdes.get("schema.registry.url")), topics);
    texts.put("topics.replication", "1");
    return texts;
  }

  public Map<String, Object> clientConfig() {
    Map<String, Object> config = new HashMap<>(serdes);
    config.put("bootstrap.servers", bootstrapServers);
    return config;
  }

  public void publishModel(String version) throws InterruptedException {
    try (ModelPublisher publisher = models()) {
      publisher.publish(TinyModels.model(version, TinyModels.LLMS), null, "for the test");
    }
  }

  public ModelPublisher models() {
    return ModelPublisher.open(topics.models(), clientConfig());
  }

  public void publishLlms() throws InterruptedException {
    for (String llm : TinyModels.LLMS) {
      publishLlm(llm);
    }
  }

  public void publishLlm(String llm) throws InterruptedException {
    try (LlmPublisher publisher = LlmPublisher.open(topics.llms(), clientConfig())) {
      publisher.publish(TinyModels.profile(llm).setTopic(topics.requests(llm)).build());
    }
  }

  byte[] bytes(Query query) {
    byte[] bytes =
        AvroSerdes.of(Query.class, serdes).serializer().serialize(topics.queries(), query);
    if (bytes == null) {
      throw new AssertionError("no bytes for " + query);
    }
    return bytes;
  }

  void send(String id, byte @Nullable [] value) {
    sent.add(
        producer.send(
            new ProducerRecord<>(topics.queries(), id.getBytes(StandardCharsets.UTF_8), value)));
  }

  /** Waits until all that was sent is written. */
  private void requireSent() {
    producer.flush();
    for (Future<?> each = sent.poll(); each != null; each = sent.poll()) {
      try {
        each.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError("a query was not written", e);
      }
    }
  }

  public void sendQueries(int from, int to) {
    for (int i = from; i < to; i++) {
      send(
          "q-" + i,
          bytes(Query.newBuilder().setId("q-" + i).setText("question number " + i).build()));
    }
    requireSent();
  }

  /** All committed records of topics, read to their ends. */
  public List<ConsumerRecord<byte[], byte[]>> committed(List<String> names) {
    return committed.of(names);
  }

  public <T extends SpecificRecord> List<T> committed(String topic, Class<T> type) {
    return committed.of(topic, type);
  }

  /** All committed decisions, as they lie on their topic. */
  List<ConsumerRecord<byte[], byte[]>> decisions() {
    return committed(List.of(topics.decisions()));
  }

  /** How many there are of every query. */
  static Map<String, Long> perQuery(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .collect(
            Collectors.groupingBy(
                record -> new String(record.key(), StandardCharsets.UTF_8),
                TreeMap::new,
                Collectors.counting()));
  }

  /**
   * Asserts that every query was decided once and asked of an LLM once.
   *
   * @param queries how many there are
   */
  void requireEachOnce(int queries) {
    Map<String, Long> decisions = perQuery(decisions());
    Map<String, Long> requests = perQuery(committed(requestTopics()));
    assertThat(decisions).hasSize(queries);
    assertThat(decisions.values()).containsOnly(1L);
    assertThat(requests.keySet()).isEqualTo(decisions.keySet());
    assertThat(requests.values()).containsOnly(1L);
  }

  List<String> requestTopics() {
    return TinyModels.LLMS.stream().map(topics::requests).toList();
  }

  /** Waits until a condition holds. */
  public static void await(String what, Duration atMost, BooleanSupplier condition)
      throws InterruptedException {
    await(what, atMost, condition, () -> "");
  }

  /**
   * Waits until a condition holds.
   *
   * @param state what to tell of it when it never did
   */
  static void await(String what, Duration atMost, BooleanSupplier condition, Supplier<String> state)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + atMost + " in vain: " + what + " " + state.get());
      }
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    committed.close();
    producer.close();
    admin.close();
  }
}
