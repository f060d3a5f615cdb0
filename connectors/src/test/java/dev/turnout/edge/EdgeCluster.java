package dev.turnout.edge;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A real broker and registry with the catalogue's topics, and a stranger's view of them. */
public final class EdgeCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final EmbeddedBroker broker;
  private final InProcessRegistry registry;
  private final KafkaProducer<byte[], byte[]> producer;

  private EdgeCluster(EmbeddedBroker broker, InProcessRegistry registry) {
    this.broker = broker;
    this.registry = registry;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "max.request.size", 8 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  public static EdgeCluster start() {
    return start(Map.of());
  }

  public static EdgeCluster start(Map<String, String> overrides) {
    return start(0, overrides);
  }

  /**
   * Starts a broker at a port.
   *
   * @param port for clients; 0 takes a free one
   */
  public static EdgeCluster start(int port, Map<String, String> overrides) {
    return new EdgeCluster(
        EmbeddedBroker.start(new EmbeddedBroker.Settings(null, port, overrides)),
        InProcessRegistry.start(0, null));
  }

  public Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  public Map<String, Object> serde() {
    return Map.of("schema.registry.url", registry.url());
  }

  public String registryUrl() {
    return registry.url();
  }

  /** The values by which settings lead here, with others. */
  public SettingValues values(TopicCatalogue topics, String... keysAndTexts) {
    Map<String, String> texts =
        ConnectionSettings.texts(broker.bootstrapServers(), registry.url(), topics);
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
    }
    return SettingValues.of(texts);
  }

  /** The catalogue's topics under a name of their own, so that tests do not see each other. */
  public TopicCatalogue freshTopics(String... llms) {
    TopicCatalogue topics =
        TopicCatalogue.withPrefix("t" + UUID.randomUUID().toString().substring(0, 8))
            .withPartitions(1);
    try (Admin admin = Admin.create(kafka())) {
      TopicAdmin.create(admin, topics, (short) 1);
      TopicAdmin.createRequests(admin, topics, List.of(llms), (short) 1);
    }
    return topics;
  }

  /** Makes an LLM known, as turnout llms add does. */
  public void add(TopicCatalogue topics, String llm) throws Exception {
    LlmProfile profile =
        LlmProfile.newBuilder()
            .setId(llm)
            .setTopic(topics.requests(llm))
            .setUpdatedAt(Instant.now())
            .build();
    send(topics.llms(), llm, LlmProfile.class, profile);
  }

  public <T extends SpecificRecord> void send(String topic, String key, Class<T> type, T value)
      throws Exception {
    sendBytes(topic, key, AvroSerdes.of(type, serde()).serializer().serialize(topic, value));
  }

  public void sendBytes(String topic, String key, byte @Nullable [] value) throws Exception {
    send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
  }

  public void send(ProducerRecord<byte[], byte[]> record) throws Exception {
    producer.send(record).get();
  }

  public <T extends SpecificRecord> List<T> read(
      String topic, Class<T> type, Predicate<List<T>> enough) {
    List<T> values = new ArrayList<>();
    readBytes(
        topic,
        records -> {
          values.clear();
          records.forEach(
              record ->
                  values.add(
                      AvroSerdes.of(type, serde())
                          .deserializer()
                          .deserialize(topic, record.value())));
          return enough.test(values);
        });
    return values;
  }

  /** Reads a one-partition topic from its beginning until there is enough or patience ends. */
  public List<ConsumerRecord<byte[], byte[]>> readBytes(
      String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    Map<String, Object> config = new HashMap<>(kafka());
    config.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!enough.test(records) && Instant.now().isBefore(deadline)) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  /** Sets the largest record that a topic takes, in bytes, and returns when it is so. */
  public void setLimit(String topic, int bytes) throws Exception {
    try (Admin admin = Admin.create(kafka())) {
      AlterConfigOp limit =
          new AlterConfigOp(
              new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
              AlterConfigOp.OpType.SET);
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(limit)))
          .all()
          .get();
      // a broker applies changes in their order, so what takes records of a later one has it
      String later = "later-" + UUID.randomUUID();
      admin.createTopics(List.of(new NewTopic(later, 1, (short) 1))).all().get();
      sendBytes(later, "any", new byte[] {1});
    }
  }

  public static RoutedRequest request(String id, String llm, Map<String, String> metadata) {
    return request(
        Query.newBuilder().setId(id).setText("Why is the sky blue?").setMetadata(metadata).build(),
        llm);
  }

  public static RoutedRequest request(Query query, String llm) {
    return RoutedRequest.newBuilder()
        .setQuery(query)
        .setDecision(decision(query.getId(), llm))
        .build();
  }

  public static RoutingDecision decision(String queryId, String llm) {
    return RoutingDecision.newBuilder()
        .setQueryId(queryId)
        .setLlm(llm)
        .setRanking(List.of())
        .setPropensity(1)
        .setPolicy("argmax")
        .setModelVersion("m1")
        .setEncoderId("e1")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setReason("the only one")
        .setDecidedAt(Instant.now())
        .build();
  }

  @Override
  public void close() {
    producer.close();
    registry.close();
    broker.close();
  }
}
