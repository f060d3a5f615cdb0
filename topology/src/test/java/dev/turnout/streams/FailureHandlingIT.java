package dev.turnout.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.RealKafka;
import dev.turnout.topic.DeadLetters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that fail in every way there is, among many that do not, on a real broker: a topology
 * that does what each record's value says.
 */
class FailureHandlingIT {
  private static final Logger LOG = LoggerFactory.getLogger(FailureHandlingIT.class);
  private static final int SMALL_TOPIC = 20_000;
  private static final int NEIGHBOURS = 15;

  /** What a record may do, and the reason that its dead letter has. */
  private static final Map<String, String> KINDS =
      new TreeMap<>(
          Map.of(
              "throw", "INTERNAL_ERROR",
              "error", "INTERNAL_ERROR",
              "serializer-throw", "INTERNAL_ERROR",
              "serializer-error", "INTERNAL_ERROR",
              "serializer-cast", "INTERNAL_ERROR",
              "too-large", "TOO_LARGE",
              "changelog-too-large", "TOO_LARGE",
              "no-key", "INTERNAL_ERROR"));

  @TempDir private Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Random random = new Random(7);
  private final Map<String, String> poison = new TreeMap<>();
  private final Set<String> good = new TreeSet<>();

  /** Forwards to both sinks and keeps, then does what the value says. */
  private static final class Obedient extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private KeyValueStore<String, byte[]> kept;

    @SuppressWarnings("NullAway.Init") // set by init()
    Obedient() {}

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
      super.init(context);
      kept = context.getStateStore("kept");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      String value = new String(record.value(), StandardCharsets.UTF_8);
      String kind = value.substring(0, value.indexOf(':'));
      Record<byte[], Object> out = record.withValue((Object) record.value());
      kept.put(kind, kind.equals("changelog-too-large") ? record.value() : new byte[] {1});
      context().forward(record.withValue((Object) record.key()), "keyed");
      switch (kind) {
        case "throw" -> throw new IllegalStateException("told to");
        case "error" -> throw new NoClassDefFoundError("told to");
        case "no-key" -> context().forward(out.withKey(null), "keyed");
        case "serializer-cast" -> context().forward(out.withValue("no bytes"), "out");
        case "changelog-too-large" -> context().forward(out.withValue(record.key()), "out");
        default -> context().forward(out, "out");
      }
    }
  }

  private static Topology topology(RealKafka kafka, FailureHandling failures) {
    Topology topology = new Topology();
    topology.addSource(
        "in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), name(kafka, "in"));
    ProcessorSupplier<byte[], byte[], byte[], Object> obedient =
        new ProcessorSupplier<>() {
          @Override
          public Processor<byte[], byte[], byte[], Object> get() {
            return new Obedient();
          }

          @Override
          public Set<StoreBuilder<?>> stores() {
            return Set.of(
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("kept"), Serdes.String(), Serdes.ByteArray())
                    .withLoggingEnabled(
                        Map.of("max.message.bytes", Integer.toString(SMALL_TOPIC))));
          }
        };
    topology.addProcessor(
        "obey", failures.guard(obedient, value -> value, "obey", "dead-letters"), "in");
    topology.<byte[], byte[]>addSink(
        "out",
        name(kafka, "out"),
        new ByteArraySerializer(),
        (topic, value) -> {
          String text = new String(value, StandardCharsets.UTF_8);
          if (text.startsWith("serializer-throw")) {
            throw new IllegalArgumentException("told to");
          }
          if (text.startsWith("serializer-error")) {
            throw new StackOverflowError("told to");
          }
          return value;
        },
        "obey");
    topology.<byte[], byte[]>addSink(
        "keyed",
        name(kafka, "keyed"),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        "obey");
    topology.<byte[], byte[]>addSink(
        "dead-letters",
        kafka.topics.dlq(),
        new ByteArraySerializer(),
        failures.deadLetterSerializer(),
        "obey");
    return topology;
  }

  private static String name(RealKafka kafka, String topic) {
    return kafka.topics.prefix() + topic;
  }

  private static void createTopics(RealKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name(kafka, "in"), 2, (short) 1),
                  new NewTopic(name(kafka, "out"), 2, (short) 1)
                      .configs(Map.of("max.message.bytes", Integer.toString(SMALL_TOPIC))),
                  new NewTopic(name(kafka, "keyed"), 2, (short) 1)
                      .configs(Map.of("cleanup.policy", "compact"))))
          .all()
          .get();
    }
  }

  /** A record of each kind, in turn on the two partitions, each among many good ones. */
  private void send(RealKafka kafka, String round, Collection<String> kinds) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      int partition = 0;
      for (String kind : kinds) {
        for (int i = 0; i < 2 * NEIGHBOURS; i++) {
          String id = String.join("-", round, kind, "" + i);
          good.add(id);
          put(kafka, producer, i % 2, id, "good:");
        }
        String padding = kind.endsWith("too-large") ? incompressible() : "";
        RecordMetadata at =
            put(kafka, producer, partition, round + "-poison", kind + ":" + padding);
        poison.put(partition + "@" + at.offset(), kind);
        partition = 1 - partition;
      }
      for (int i = 0; i < 2 * NEIGHBOURS; i++) {
        good.add(round + "-last-" + i);
        put(kafka, producer, i % 2, round + "-last-" + i, "good:");
      }
    }
  }

  private String incompressible() {
    StringBuilder text = new StringBuilder();
    random.ints(2 * SMALL_TOPIC, 33, 127).forEach(each -> text.append((char) each));
    return text.toString();
  }

  private static RecordMetadata put(
      RealKafka kafka,
      KafkaProducer<byte[], byte[]> producer,
      int partition,
      String id,
      String value)
      throws Exception {
    return producer
        .send(
            new ProducerRecord<>(
                name(kafka, "in"),
                partition,
                id.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8)))
        .get();
  }

  private KafkaStreams start(RealKafka kafka, String guarantee, FailureHandling failures) {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, name(kafka, "app"));
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
    config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    config.put(StreamsConfig.producerPrefix("linger.ms"), 5);
    failures.configure(config);
    Properties properties = new Properties();
    properties.putAll(config);
    KafkaStreams streams = new KafkaStreams(topology(kafka, failures), properties);
    failures.watch(streams);
    streams.start();
    return streams;
  }

  private static Map<String, ConsumerRecord<byte[], byte[]>> letters(RealKafka kafka) {
    Map<String, ConsumerRecord<byte[], byte[]>> letters = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> letter : kafka.committed(List.of(kafka.topics.dlq()))) {
      letters.put(
          header(letter, DeadLetters.PARTITION) + "@" + header(letter, DeadLetters.OFFSET), letter);
    }
    return letters;
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String key) {
    return new String(letter.headers().lastHeader(key).value(), StandardCharsets.UTF_8);
  }

  private static Map<String, Long> ids(RealKafka kafka, String topic) {
    Map<String, Long> ids = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.committed(List.of(name(kafka, topic)))) {
      ids.merge(new String(record.key(), StandardCharsets.UTF_8), 1L, Long::sum);
    }
    return ids;
  }

  private double replaced() {
    return meters.find("turnout.thread.replaced").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
  void shouldSetAsideTheRecordThatFailsAndNoOther(String guarantee) throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("failing", 1);
        FailureHandling failures = FailureHandling.of("test", kafka.topics.dlq(), 0, meters)) {
      // given
      createTopics(kafka);
      send(kafka, "waiting", KINDS.keySet());
      long begun = System.nanoTime();
      KafkaStreams streams = start(kafka, guarantee, failures);
      try {
        // when everything is in flight together
        RealKafka.await(
            "all to be through",
            RealKafka.PATIENCE,
            () ->
                letters(kafka).keySet().equals(poison.keySet())
                    && ids(kafka, "out").keySet().containsAll(good));
        double together = replaced();
        LOG.atInfo()
            .setMessage("poison records in flight together")
            .addKeyValue("guarantee", guarantee)
            .addKeyValue("records", poison.size())
            .addKeyValue("threadsReplaced", together)
            .addKeyValue("seconds", (System.nanoTime() - begun) / 1e9)
            .log();

        // and when more comes while it runs
        begun = System.nanoTime();
        int before = poison.size();
        send(kafka, "running", List.of("too-large", "changelog-too-large", "throw"));
        RealKafka.await(
            "all to be through",
            RealKafka.PATIENCE,
            () ->
                letters(kafka).keySet().equals(poison.keySet())
                    && ids(kafka, "out").keySet().containsAll(good));
        LOG.atInfo()
            .setMessage("poison records one after the other")
            .addKeyValue("guarantee", guarantee)
            .addKeyValue("records", poison.size() - before)
            .addKeyValue("threadsReplaced", replaced() - together)
            .addKeyValue("seconds", (System.nanoTime() - begun) / 1e9)
            .log();
      } finally {
        failures.close();
        streams.close();
      }

      // then each of them has its dead letter, as it was or as a reference
      letters(kafka)
          .forEach(
              (at, letter) -> {
                String kind = String.valueOf(poison.get(at));
                assertThat(header(letter, DeadLetters.REASON)).as(kind).isEqualTo(KINDS.get(kind));
                assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(name(kafka, "in"));
                assertThat(header(letter, DeadLetters.STAGE)).isEqualTo("obey");
                if (kind.endsWith("too-large")) {
                  assertThat(letter.value()).isNull();
                  assertThat(header(letter, DeadLetters.OMITTED)).contains("value");
                } else {
                  assertThat(new String(letter.value(), StandardCharsets.UTF_8))
                      .startsWith(kind + ":");
                }
              });

      // and costs one thread at most
      assertThat(replaced()).isBetween(1.0, (double) poison.size());

      // and under exactly-once nothing is there twice, nor anything of what failed
      if (guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2)) {
        assertThat(ids(kafka, "out").values()).containsOnly(1L);
        assertThat(ids(kafka, "keyed").keySet()).isEqualTo(good);
        assertThat(kafka.committed(List.of(kafka.topics.dlq()))).hasSize(poison.size());
      }
    }
  }
}
