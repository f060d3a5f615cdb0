package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.SettingValues;
import dev.turnout.learner.Learner;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.HalfPrecision;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.RecordLimits;
import dev.turnout.topic.TopicLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records of every size against a real broker, a router under exactly-once and a learner. The
 * queries topic takes 8 MiB, as one that was made before it had its present limit.
 */
class RecordLimitsIT {
  private static final Duration PATIENCE = RealKafka.PATIENCE;
  private static final int TAKEN = 12 << 20;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path state;

  /** A record of the queries topic, and what its dead letter must say. */
  private record Refused(ProducerRecord<byte[], byte[]> record, String reason, String detail) {}

  @Test
  void shouldDeadLetterWhatIsTooLargeOnceAndGoOn() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-limits", 1);
        KafkaProducer<byte[], byte[]> plain = producer(kafka, "none");
        KafkaProducer<byte[], byte[]> zstd = producer(kafka, "zstd")) {
      // given
      setLimit(kafka, kafka.topics.queries(), TAKEN);
      kafka.publishLlms();
      kafka.publishModel("m1");
      Map<String, Refused> refused = refused(kafka);
      try (Router router = Router.start(kafka.settings(), new TinyEncoder(), meters)) {

        // when what is too large comes between queries that are not
        kafka.sendQueries(0, 5);
        for (Refused each : refused.values()) {
          // a text of 12 MB that repeats itself is small only as long as it is compressed
          boolean bomb = each.detail().startsWith("the value has 12");
          (bomb ? zstd : plain).send(each.record()).get();
        }
        plain.send(record(kafka, "largest", largest(kafka))).get();
        kafka.sendQueries(5, 10);

        // then all that keep to their limits are routed once, the rest refused once
        RealKafka.await(
            "the decisions", PATIENCE, () -> RealKafka.perQuery(kafka.decisions()).size() == 11);
        RealKafka.await(
            "the dead letters",
            PATIENCE,
            () -> kafka.committed(List.of(kafka.topics.dlq())).size() >= refused.size());
        kafka.requireEachOnce(11);
        assertThat(router.status().ready()).as("%s", router.status()).isTrue();
        assertThat(meters.get("turnout.thread.replaced").counter().count()).isZero();
      }
      requireLetters(kafka, refused);
      requireLargestIsWhole(kafka);
    }
  }

  @Test
  void shouldLearnOnAfterGradesThatAreTooLarge() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-limits-learner", 1);
        KafkaProducer<byte[], byte[]> producer = producer(kafka, "none")) {
      // given a decision, and a grade of nearly 1 MiB for it between two good ones
      kafka.publishLlms();
      send(kafka, producer, kafka.topics.decisions(), "q", decision("q"));
      send(kafka, producer, kafka.topics.feedback(), "q", grade("first", "good"));
      send(
          kafka,
          producer,
          kafka.topics.feedback(),
          "q",
          grade("huge", "x".repeat((1 << 20) - 1_024)));
      send(
          kafka,
          producer,
          kafka.topics.feedback(),
          "q",
          grade("last", "y".repeat(FieldLimits.COMMENT)));

      // when
      Map<String, String> texts = kafka.texts();
      texts.put("learner.application-id", kafka.topics.prefix() + "learner");
      texts.put("learner.from", "earliest"); // the test publishes first
      texts.put("learner.state-dir", state.toString());
      try (Learner learner =
          Learner.start(LearnerSettings.from(SettingValues.of(texts)), TinyEncoder.ID, meters)) {

        // then
        RealKafka.await(
            "two samples",
            PATIENCE,
            () -> kafka.committed(List.of(kafka.topics.samples())).size() == 2);
        RealKafka.await(
            "the dead letter",
            PATIENCE,
            () -> kafka.committed(List.of(kafka.topics.dlq())).size() == 1);
        assertThat(learner.isAlive()).isTrue();
      }
      assertThat(kafka.committed(kafka.topics.samples(), TrainingSample.class))
          .extracting(TrainingSample::getGrader)
          .containsExactly("first", "last");
      ConsumerRecord<byte[], byte[]> letter = kafka.committed(List.of(kafka.topics.dlq())).get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("TOO_LARGE");
      assertThat(letter.value()).hasSizeGreaterThan(1 << 19);
    }
  }

  @Test
  void shouldNameTopicsThatTakeLessThanTheyShould() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-limits-small", 1);
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers))) {
      // given
      assertThat(TopicLimits.tooSmall(admin, kafka.topics, PATIENCE)).isEmpty();
      setLimit(kafka, kafka.topics.outcomes(), 1 << 20);

      // when
      List<String> problems = TopicLimits.tooSmall(admin, kafka.topics, PATIENCE);

      // then
      assertThat(problems)
          .singleElement()
          .satisfies(
              problem ->
                  assertThat(problem)
                      .contains(
                          kafka.topics.outcomes(),
                          "1048576 bytes",
                          "--add-config max.message.bytes="
                              + RecordLimits.OUTCOME.maxMessageBytes()));
    }
  }

  private static Map<String, Refused> refused(RealKafka kafka) {
    Map<String, Refused> refused = new LinkedHashMap<>();
    byte[] blob = new byte[4_600_000];
    new Random(7).nextBytes(blob);
    Query.Builder query = Query.newBuilder().setText("text");
    tooLarge(
        kafka,
        refused,
        "metadata has 6133340 bytes",
        query
            .setId("metadata")
            .setMetadata(Map.of("blob", Base64.getEncoder().encodeToString(blob)))
            .build());
    query.setMetadata(Map.of());
    tooLarge(
        kafka,
        refused,
        "the value has 12",
        query.setId("bomb").setText("again and again ".repeat(750_000)).build());
    query.setText("text");
    tooLarge(kafka, refused, "the headers have 2621", query.setId("headers").build());
    Objects.requireNonNull(refused.get("headers"))
        .record()
        .headers()
        .add("blob", new byte[2_621_440]);
    tooLarge(
        kafka,
        refused,
        "constraints.policy has 2200000 bytes",
        constrained(
            "policy", QueryConstraints.newBuilder().setPolicy("p".repeat(2_200_000)).build()));
    tooLarge(
        kafka,
        refused,
        "constraints.policy has 1100000 bytes",
        constrained(
            "policy-name", QueryConstraints.newBuilder().setPolicy("é".repeat(550_000)).build()));
    tooLarge(
        kafka,
        refused,
        "constraints.allowedLlms has 100000 entries",
        constrained(
            "allow-list",
            QueryConstraints.newBuilder()
                .setAllowedLlms(
                    IntStream.range(0, 100_000)
                        .mapToObj(i -> "provider/some-llm-id-%06d".formatted(i))
                        .toList())
                .build()));
    byte[] garbage = new byte[11 << 20];
    new Random(8).nextBytes(garbage);
    refused.put(
        "garbage",
        new Refused(record(kafka, "garbage", garbage), "TOO_LARGE", "the value has 11534336"));
    byte[] key = new byte[2 << 20];
    refused.put(
        "key",
        new Refused(
            new ProducerRecord<>(kafka.topics.queries(), key, new byte[] {1, 2, 3}),
            "UNDECODABLE",
            ""));
    return refused;
  }

  private static Query constrained(String id, QueryConstraints constraints) {
    return Query.newBuilder().setId(id).setText("text").setConstraints(constraints).build();
  }

  private static void tooLarge(
      RealKafka kafka, Map<String, Refused> refused, String detail, Query query) {
    refused.put(
        query.getId(),
        new Refused(record(kafka, query.getId(), kafka.bytes(query)), "TOO_LARGE", detail));
  }

  /** Exactly one letter of each, which says why, carries what fits and refers to the rest. */
  private static void requireLetters(RealKafka kafka, Map<String, Refused> refused) {
    List<ConsumerRecord<byte[], byte[]>> letters = kafka.committed(List.of(kafka.topics.dlq()));
    Map<String, ConsumerRecord<byte[], byte[]>> byName = new HashMap<>();
    letters.forEach(
        letter ->
            byName.put(
                letter.key() == null ? "key" : new String(letter.key(), StandardCharsets.UTF_8),
                letter));
    assertThat(letters).hasSize(refused.size());
    refused.forEach(
        (name, each) -> {
          ConsumerRecord<byte[], byte[]> letter = Objects.requireNonNull(byName.get(name), name);
          assertThat(header(letter, DeadLetters.REASON)).as(name).isEqualTo(each.reason());
          assertThat(header(letter, DeadLetters.DETAIL)).as(name).contains(each.detail());
          byte[] value = each.record().value();
          if (value.length <= RecordLimits.DEAD_LETTER.value()) {
            assertThat(letter.value()).as(name).isEqualTo(value);
          } else {
            assertThat(letter.value()).as(name).isNull();
            assertThat(header(letter, DeadLetters.SIZE)).isEqualTo(Integer.toString(value.length));
            assertThat(header(letter, DeadLetters.SHA256)).hasSize(64);
          }
        });
    assertThat(header(byName.get("headers"), DeadLetters.OMITTED)).isEqualTo("headers");
    assertThat(header(byName.get("key"), DeadLetters.OMITTED)).isEqualTo("key");
    assertThat(header(byName.get("garbage"), DeadLetters.OMITTED)).isEqualTo("value");
  }

  /** As large as a query may be in every field at once, and random, so that nothing compresses. */
  private static byte[] largest(RealKafka kafka) {
    Map<String, String> metadata = new HashMap<>();
    for (int i = 0; i < FieldLimits.METADATA_ENTRIES; i++) {
      metadata.put("%03d".formatted(i), text(i, FieldLimits.METADATA / 256 - 3));
    }
    List<String> llms = new ArrayList<>(TinyModels.LLMS);
    for (int i = llms.size(); i < FieldLimits.LLMS; i++) {
      llms.add(text(i, 250));
    }
    return kafka.bytes(
        Query.newBuilder()
            .setId("largest")
            .setText(text(1, 1 << 20))
            .setTenant(text(2, FieldLimits.TENANT))
            .setSession(text(3, FieldLimits.SESSION))
            .setConstraints(
                QueryConstraints.newBuilder().setAllowedLlms(llms).setPolicy("argmax").build())
            .setMetadata(metadata)
            .build());
  }

  private static void requireLargestIsWhole(RealKafka kafka) {
    List<RoutedRequest> requests = new ArrayList<>();
    for (String llm : TinyModels.LLMS) {
      requests.addAll(kafka.committed(kafka.topics.requests(llm), RoutedRequest.class));
    }
    assertThat(requests)
        .filteredOn(request -> request.getQuery().getId().equals("largest"))
        .singleElement()
        .satisfies(request -> assertThat(request.getQuery().getMetadata()).hasSize(256));
  }

  private static String text(int seed, int length) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  private static RoutingDecision decision(String id) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm(TinyModels.LLMS.get(0))
        .setRanking(List.of())
        .setPropensity(1)
        .setPolicy("argmax")
        .setModelVersion("m1")
        .setEncoderId(TinyEncoder.ID.toString())
        .setExplored(false)
        .setOutOfDistribution(false)
        .setReason("for the test")
        .setEmbedding(HalfPrecision.pack(TinyEncoder.vector("text")))
        .setDecidedAt(Instant.now())
        .build();
  }

  private static Grade grade(String grader, String comment) {
    return Grade.newBuilder()
        .setQueryId("q")
        .setLlm(TinyModels.LLMS.get(0))
        .setGrader(grader)
        .setReward(0.5)
        .setComment(comment)
        .setGradedAt(Instant.now())
        .build();
  }

  private static void send(
      RealKafka kafka,
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      String key,
      SpecificRecord value)
      throws Exception {
    byte[] bytes =
        AvroSerdes.of(SpecificRecord.class, kafka.serdes).serializer().serialize(topic, value);
    producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), bytes)).get();
  }

  private static ProducerRecord<byte[], byte[]> record(RealKafka kafka, String id, byte[] value) {
    return new ProducerRecord<>(kafka.topics.queries(), id.getBytes(StandardCharsets.UTF_8), value);
  }

  private static KafkaProducer<byte[], byte[]> producer(RealKafka kafka, String compression) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers,
            "max.request.size",
            32 << 20,
            "compression.type",
            compression),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Returns when it is so. */
  private static void setLimit(RealKafka kafka, String topic, int bytes) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers))) {
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
      String later = kafka.topics.prefix() + "later";
      admin.createTopics(List.of(new NewTopic(later, 1, (short) 1))).all().get();
      try (KafkaProducer<byte[], byte[]> producer = producer(kafka, "none")) {
        producer.send(new ProducerRecord<>(later, new byte[] {1})).get();
      }
    }
  }

  private static String header(@Nullable ConsumerRecord<byte[], byte[]> letter, String key) {
    Header header = letter == null ? null : letter.headers().lastHeader(key);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
