package dev.turnout.lab.bench.route;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingKind;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.encoder.EncoderId;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.router.ProcessingGuarantee;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** An embedded broker and registry with a set of topics per measurement. */
final class RouteArena implements AutoCloseable {
  private static final int PARTITIONS = 3;

  private final EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
  private final InProcessRegistry registry = InProcessRegistry.start(0, null);
  private final AtomicInteger runs = new AtomicInteger();
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", bootstrapServers(), "linger.ms", 0),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final Serializer<Query> queries = AvroSerdes.of(Query.class, clientConfig()).serializer();

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  Map<String, Object> clientConfig() {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers());
    config.put("schema.registry.url", registry.url());
    return config;
  }

  /** Creates a set of topics with LLMs and a model for an encoder. */
  TopicCatalogue topics(String prefix, EncoderId encoder) throws InterruptedException {
    TopicCatalogue topics = TopicCatalogue.withPrefix(prefix).withPartitions(PARTITIONS);
    TopicAdmin.create(admin, topics, (short) 1);
    TopicAdmin.createRequests(admin, topics, BenchmarkModel.LLMS, (short) 1);
    try (LlmPublisher llms = LlmPublisher.open(topics.llms(), clientConfig());
        ModelPublisher models = ModelPublisher.open(topics.models(), clientConfig())) {
      for (String llm : BenchmarkModel.LLMS) {
        llms.publish(
            LlmProfile.newBuilder()
                .setId(llm)
                .setTopic(topics.requests(llm))
                .setStatus(LlmStatus.ACTIVE)
                .setInputUsdPerMillionTokens(0.2)
                .setOutputUsdPerMillionTokens(0.6)
                .setExpectedLatencyMs(500.0)
                .setUpdatedAt(Instant.now())
                .build());
      }
      models.publish(BenchmarkModel.of(encoder), null, "for the benchmark");
    }
    return topics;
  }

  /** Settings of a group of its own, so that every run drains the topic from its beginning. */
  RouterSettings settings(TopicCatalogue topics, ProcessingGuarantee guarantee, int pollRecords) {
    Map<String, String> texts =
        ConnectionSettings.texts(bootstrapServers(), registry.url(), topics);
    texts.put("topics.replication", "1");
    texts.put("router.application-id", topics.prefix() + "run-" + runs.incrementAndGet());
    texts.put("router.guarantee", SettingKind.nameOf(guarantee));
    texts.put("router.poll-records", Integer.toString(pollRecords));
    texts.put("router.start-deadline", "60s");
    return RouterSettings.from(Configuration.of(texts), ProgramVersion.text());
  }

  /** Puts queries on the topic and waits for them to be there. */
  void preload(TopicCatalogue topics, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      send(topics, "q-" + i, texts.get(i));
    }
    producer.flush();
  }

  /** Sends one query. */
  void send(TopicCatalogue topics, String id, String text) {
    byte[] value =
        queries.serialize(topics.queries(), Query.newBuilder().setId(id).setText(text).build());
    Future<?> unused =
        producer.send(
            new ProducerRecord<>(topics.queries(), id.getBytes(StandardCharsets.UTF_8), value));
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    registry.close();
    broker.close();
  }
}
