package dev.turnout.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdeTest {

  private static final String TOPIC = "queries";

  private final Map<String, Object> config =
      new HashMap<>(Map.of("schema.registry.url", "mock://" + UUID.randomUUID()));

  @Test
  void shouldWriteTheConfluentWireFormat() {
    // given
    Serde<Query> serde = AvroSerdes.of(Query.class, config);
    SchemaRegistryClient registry = SchemaRegistryClient.create(config);

    // when
    byte[] bytes = serde.serializer().serialize(TOPIC, SampleRecords.query("1", "why?"));

    // then
    assertThat(bytes[0]).isZero();
    int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
    assertThat(registry.schemaById(id)).isEqualTo(Query.getClassSchema());
    assertThat(registry.latest("queries-value").id()).isEqualTo(id);
  }

  @Test
  void shouldReadBackWhatItWrote() {
    // given
    Query query = SampleRecords.query("1", "Grüße, 世界 " + "x".repeat(500_000));
    RoutingDecision decision =
        RoutingDecision.newBuilder()
            .setQueryId("1")
            .setLlm("a")
            .setRanking(
                List.of(
                    LlmScore.newBuilder()
                        .setLlm("a")
                        .setScore(0.5)
                        .setProbability(0.9)
                        .setPredictedSuccess(0.7)
                        .build()))
            .setPropensity(1)
            .setPolicy("argmax")
            .setModelVersion("m")
            .setEncoderId("e")
            .setExplored(false)
            .setOutOfDistribution(false)
            .setReason("best")
            .setEmbedding(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .setDecidedAt(Instant.ofEpochMilli(5))
            .build();
    RoutedRequest request =
        RoutedRequest.newBuilder().setQuery(query).setDecision(decision).build();
    Serde<RoutedRequest> serde = AvroSerdes.of(RoutedRequest.class, config);

    // when
    byte[] bytes = serde.serializer().serialize(TOPIC, request);
    RoutedRequest read = serde.deserializer().deserialize(TOPIC, bytes);

    // then
    assertThat(read).isEqualTo(request);
    assertThat(read.getQuery().getDeadline()).isEqualTo(Instant.ofEpochMilli(1_800_000_000_123L));
  }

  @Test
  void shouldLeaveTombstonesAlone() {
    Serde<LlmProfile> serde = AvroSerdes.of(LlmProfile.class, config);

    assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
    assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
  }

  @Test
  void shouldReadRecordsOfAnOlderSchemaWithTheDefaultsOfTheNewFields() {
    // given a profile written before there were prices, with an own field that was dropped since
    Schema old =
        SchemaBuilder.record("LlmProfile")
            .namespace("dev.turnout.schema")
            .fields()
            .requiredString("id")
            .requiredString("topic")
            .requiredString("dropped")
            .name("updatedAt")
            .type(LlmProfile.getClassSchema().getField("updatedAt").schema())
            .noDefault()
            .endRecord();
    int id = SchemaRegistryClient.create(config).register(TOPIC + "-value", old);
    byte[] bytes =
        WireRecords.of(id, old, Map.of("id", "a", "topic", "t", "dropped", "d", "updatedAt", 7L));

    // when
    LlmProfile read =
        AvroSerdes.of(LlmProfile.class, config).deserializer().deserialize(TOPIC, bytes);

    // then
    assertThat(read.getId()).isEqualTo("a");
    assertThat(read.getStatus()).isEqualTo(LlmStatus.ACTIVE);
    assertThat(read.getInputUsdPerMillionTokens()).isNull();
    assertThat(read.getUpdatedAt()).isEqualTo(Instant.ofEpochMilli(7));
  }

  @Test
  void shouldFindTheClassByTheRecordsNameWhenNoneIsGiven() {
    // given
    Serde<Query> typed = AvroSerdes.of(Query.class, config);
    AvroSerde<Query> untyped = new AvroSerde<>();
    untyped.configure(config, false);
    Query query = SampleRecords.query("1", "why?");

    // when
    Query read =
        untyped.deserializer().deserialize(TOPIC, typed.serializer().serialize(TOPIC, query));

    // then
    assertThat(read).isEqualTo(query);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void shouldRefuseBytesThatAreTooFewForTheHeader(int length) {
    assertThatThrownBy(() -> read(new byte[length]))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("topic queries")
        .hasMessageContaining("too few");
  }

  @Test
  void shouldRefuseBytesInAnotherFormat() {
    assertThatThrownBy(() -> read("{\"id\": 1}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("JSON")
        .hasMessageContaining("value.serializer");
    assertThatThrownBy(() -> read(new byte[] {(byte) 0x9f, 1, 2, 3, 4, 5}))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("0x9f")
        .hasMessageContaining("apicurio.registry.headers.enabled");
  }

  @Test
  void shouldNameTheProducersSettingForTheFormatOfAnotherSerialiser() {
    // given
    Map<byte[], String> remedies =
        Map.of(
            new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 7, 2, 4},
            "apicurio.registry.as-confluent=true",
            ByteBuffer.allocate(30).put((byte) 3).put((byte) 5).array(),
            "AWS Glue",
            ByteBuffer.allocate(30).put((byte) 1).array(),
            "PrefixSchemaIdSerializer",
            new byte[] {(byte) 0xc3, 1, 0, 0, 0, 0, 0, 0, 0, 0},
            "single-object",
            new byte[] {'O', 'b', 'j', 1, 0, 0},
            "container file");

    remedies.forEach(
        (bytes, remedy) ->
            // when, then
            assertThatThrownBy(() -> read(bytes))
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessageContaining("topic queries")
                .hasMessageContaining(remedy));
  }

  @Test
  void shouldRefuseWhatNestsAsDeepAsItIsLong() {
    // given a writer's type that holds itself, in a field that we do not know
    Schema nested = Schema.createRecord("Nested", null, "dev.foreign", false);
    nested.setFields(
        List.of(
            new Schema.Field("next", Schema.createUnion(Schema.create(Schema.Type.NULL), nested))));
    byte[] deep = new byte[1_000_000];
    Arrays.fill(deep, (byte) 2);

    // when, then
    assertThatThrownBy(() -> read(withUnknownField(nested, deep)))
        .isExactlyInstanceOf(SerializationException.class)
        .hasMessageContaining("nests too deep");
  }

  @Test
  void shouldNotCountToTheSquareOfARecordsLength() {
    // given arrays of arrays of nulls, each of which claims as many nulls as there are bytes left
    Schema nothing = Schema.createArray(Schema.create(Schema.Type.NULL));
    ByteBuffer inner = ByteBuffer.allocate(400_000);
    inner.put(new byte[] {(byte) 0x80, (byte) 0xea, 0x30}); // 400,000 of them, zigzag
    while (inner.remaining() > 4) {
      inner.put(new byte[] {(byte) 0xc0, (byte) 0x9a, 0x0c, 0}); // 100,000 nulls
    }

    // when, then
    assertThatThrownBy(() -> read(withUnknownField(Schema.createArray(nothing), inner.array())))
        .isExactlyInstanceOf(SerializationException.class)
        .hasMessageContaining("items are claimed");
  }

  private byte[] withUnknownField(Schema type, byte[] value) {
    Schema written =
        SchemaBuilder.record("Query")
            .namespace("dev.turnout.schema")
            .fields()
            .name("foreign")
            .type(type)
            .noDefault()
            .requiredString("id")
            .requiredString("text")
            .endRecord();
    int id = SchemaRegistryClient.create(config).register("foreign-value", written);
    return ByteBuffer.allocate(WireFormat.HEADER_BYTES + value.length)
        .put((byte) 0)
        .putInt(id)
        .put(value)
        .array();
  }

  @Test
  void shouldCallAnUnknownIdPoison() {
    assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 1, 0, 1, 2, 3}))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("256");
  }

  @Test
  void shouldCallEveryTruncationPoison() {
    byte[] bytes =
        AvroSerdes.of(Query.class, config)
            .serializer()
            .serialize(TOPIC, SampleRecords.query("1", "why?"));

    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(SerializationException.class);
    }
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("left over");
  }

  @Test
  void shouldNotReserveMemoryForALengthThatALyingRecordClaims() {
    // given a text that claims to be nearly 2 GiB long, in a record of a few bytes
    byte[] bytes =
        AvroSerdes.of(Query.class, config)
            .serializer()
            .serialize(TOPIC, SampleRecords.query("1", "why?"));
    byte[] lying = Arrays.copyOf(bytes, 20);
    byte[] hugeLength = {(byte) 0xee, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    System.arraycopy(hugeLength, 0, lying, WireFormat.HEADER_BYTES, hugeLength.length);

    // when, then
    assertThatThrownBy(() -> read(lying)).isInstanceOf(SerializationException.class);
  }

  @Test
  void shouldCallDamagedRecordsPoisonAndNothingElse() {
    // given
    byte[] sound =
        AvroSerdes.of(Query.class, config)
            .serializer()
            .serialize(TOPIC, SampleRecords.query("1", "why?"));
    Deserializer<Query> reader = AvroSerdes.of(Query.class, config).deserializer();
    Random random = new Random(7);

    for (int i = 0; i < 5_000; i++) {
      // when a few bytes behind the header are overwritten
      byte[] damaged = sound.clone();
      for (int j = 0; j < 1 + random.nextInt(4); j++) {
        int at = WireFormat.HEADER_BYTES + random.nextInt(sound.length - WireFormat.HEADER_BYTES);
        damaged[at] = (byte) random.nextInt();
      }

      // then it reads as some query, or as poison
      assertThat(catchThrowable(() -> reader.deserialize(TOPIC, damaged)))
          .satisfiesAnyOf(
              failure -> assertThat(failure).isNull(),
              failure -> assertThat(failure).isExactlyInstanceOf(SerializationException.class));
    }
  }

  @Test
  void shouldNameTheRecordThatBreaksItsOwnSchema() {
    // given
    LlmProfile incomplete = new LlmProfile();

    // when, then
    assertThatThrownBy(
            () -> AvroSerdes.of(LlmProfile.class, config).serializer().serialize(TOPIC, incomplete))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("dev.turnout.schema.LlmProfile");
    // and the next record is not spoilt by what the failed one left behind
    Query query = SampleRecords.query("1", "why?");
    assertThat(read(AvroSerdes.of(Query.class, config).serializer().serialize(TOPIC, query)))
        .isEqualTo(query);
  }

  @Test
  void shouldServeManyThreads() throws Exception {
    // given
    Serde<Query> serde = AvroSerdes.of(Query.class, config);
    ExecutorService threads = Executors.newFixedThreadPool(4);

    // when
    List<Callable<Boolean>> tasks =
        IntStream.range(0, 400)
            .mapToObj(
                i ->
                    (Callable<Boolean>)
                        () -> {
                          Query query = SampleRecords.query("" + i, "text ".repeat(i));
                          byte[] bytes = serde.serializer().serialize(TOPIC, query);
                          return query.equals(serde.deserializer().deserialize(TOPIC, bytes));
                        })
            .toList();
    List<Future<Boolean>> results = threads.invokeAll(tasks);
    threads.shutdown();

    // then
    for (Future<Boolean> result : results) {
      assertThat(result.get()).isTrue();
    }
  }

  @Test
  void shouldNameSubjectsAsConfigured() {
    // given
    Map<String, String> expected =
        Map.of(
            "io.confluent.kafka.serializers.subject.TopicNameStrategy", "t-value",
            "io.confluent.kafka.serializers.subject.RecordNameStrategy", "dev.turnout.schema.Query",
            "TopicRecordNameStrategy", "t-dev.turnout.schema.Query");

    expected.forEach(
        (strategy, subject) -> {
          // when
          config.put("value.subject.name.strategy", strategy);
          AvroSerdes.of(Query.class, config)
              .serializer()
              .serialize("t", SampleRecords.query("1", "why?"));

          // then
          assertThat(SchemaRegistryClient.create(config).latest(subject).schema())
              .isEqualTo(Query.getClassSchema());
        });
  }

  @Test
  void shouldNameKeySubjectsApart() {
    AvroSerdes.of(Query.class, config, true)
        .serializer()
        .serialize("t", SampleRecords.query("1", "why?"));

    assertThat(SchemaRegistryClient.create(config).latest("t-key").version()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnUnknownNaming() {
    config.put("value.subject.name.strategy", "com.example.Mine");

    assertThatThrownBy(() -> AvroSerdes.of(Query.class, config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("value.subject.name.strategy")
        .hasMessageContaining("com.example.Mine");
  }

  @Test
  void shouldNotRegisterWhenToldNotTo() {
    config.put("auto.register.schemas", "false");
    Serde<Query> serde = AvroSerdes.of(Query.class, config);

    assertThatThrownBy(() -> serde.serializer().serialize("t", SampleRecords.query("1", "why?")))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("t-value");
  }

  @Test
  void shouldWriteWithTheSubjectsLatestSchema() {
    // given a subject whose latest version lacks most fields
    Schema latest =
        SchemaBuilder.record("Query")
            .namespace("dev.turnout.schema")
            .fields()
            .requiredString("text")
            .requiredString("id")
            .endRecord();
    int id = SchemaRegistryClient.create(config).register("t-value", latest);
    config.putAll(Map.of("auto.register.schemas", "false", "use.latest.version", true));

    // when
    byte[] bytes =
        AvroSerdes.of(Query.class, config)
            .serializer()
            .serialize("t", SampleRecords.query("1", "why?"));

    // then
    assertThat(bytes).isEqualTo(WireRecords.of(id, latest, Map.of("text", "why?", "id", "1")));
  }

  @Test
  void shouldRefuseALatestSchemaThatCannotTakeTheRecord() {
    // given
    Schema latest =
        SchemaBuilder.record("Query")
            .namespace("dev.turnout.schema")
            .fields()
            .requiredString("somethingElse")
            .endRecord();
    int unusedId = SchemaRegistryClient.create(config).register("t-value", latest);
    config.putAll(Map.of("auto.register.schemas", "false", "use.latest.version", "true"));

    // when, then
    assertThatThrownBy(
            () ->
                AvroSerdes.of(Query.class, config)
                    .serializer()
                    .serialize("t", SampleRecords.query("1", "why?")))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("t-value version 1")
        .hasMessageContaining("use.latest.version=false");
  }

  @Test
  void shouldUseAnotherSerdeClassWhenOneIsNamed() {
    config.put(AvroSerdes.SERDE_CLASS_CONFIG, Serdes.BytesSerde.class.getName());

    assertThat(AvroSerdes.of(Query.class, config)).isInstanceOf(Serdes.BytesSerde.class);
  }

  @Test
  void shouldNameASerdeClassThatIsMissing() {
    config.put(AvroSerdes.SERDE_CLASS_CONFIG, "com.example.Missing");

    assertThatThrownBy(() -> AvroSerdes.of(Query.class, config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("turnout.serde.class")
        .hasMessageContaining("com.example.Missing");
  }

  private Query read(byte[] bytes) {
    return AvroSerdes.of(Query.class, config).deserializer().deserialize(TOPIC, bytes);
  }
}
