package dev.turnout.lab.bench.route;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.app.quickstart.Cluster;
import dev.turnout.config.SettingKind;
import dev.turnout.encoder.EncoderId;
import dev.turnout.router.ProcessingGuarantee;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** An embedded broker and registry with a set of topics per measurement. */
final class RouteArena implements AutoCloseable {
  private static final int PARTITIONS = 3;

  private final Cluster cluster = Cluster.start(0, 0);
  private final AtomicInteger runs = new AtomicInteger();
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", bootstrapServers(), "linger.ms", 0),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final Serializer<Query> queries = AvroSerdes.of(Query.class, clientConfig()).serializer();

  String bootstrapServers() {
    return cluster.bootstrapServers();
  }

  Map<String, Object> clientConfig() {
    return cluster.settings();
  }

  /** Creates a set of topics with LLMs and a model for an encoder. */
  TopicCatalogue topics(String prefix, EncoderId encoder) throws InterruptedException {
    TopicCatalogue topics = TopicCatalogue.withPrefix(prefix).withPartitions(PARTITIONS);
    List<LlmProfile> llms =
        BenchmarkModel.LLMS.stream().map(llm -> BenchmarkModel.profile(topics, llm)).toList();
    cluster.prepare(topics, llms);
    cluster.publish(topics, BenchmarkModel.of(encoder), "for the benchmark");
    return topics;
  }

  /** Settings of a group of its own, so that every run drains the topic from its beginning. */
  RouterSettings settings(TopicCatalogue topics, ProcessingGuarantee guarantee, int pollRecords) {
    Map<String, String> texts = cluster.texts(topics);
    texts.put("router.application-id", topics.prefix() + "run-" + runs.incrementAndGet());
    texts.put("router.from", "earliest");
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
    cluster.close();
  }
}
