package dev.turnout.registry.apicurio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.TopicSubjects;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicSpec;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our serdes and a stranger's plain Avro, in both directions, over a real Apicurio Registry. */
class ApicurioIT {

  private static final String TOPIC = "turnout.outcomes";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path directory;

  private static @Nullable ApicurioProcess apicurio;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> jar = ApicurioProcess.jar();
    assumeTrue(
        jar.isPresent(), "skipped: no target/apicurio; run the build up to pre-integration-test");
    apicurio = ApicurioProcess.start(jar.orElseThrow(), directory);
  }

  @AfterAll
  static void stop() {
    if (apicurio != null) {
      apicurio.close();
    }
  }

  @Test
  void shouldBeReadByAStranger() throws Exception {
    // given
    Serde<Outcome> serde = AvroSerdes.of(Outcome.class, config());

    // when
    byte[] bytes = serde.serializer().serialize(TOPIC, outcome());

    // then a reader that knows just the REST API and Avro understands it
    assertThat(bytes[0]).isZero();
    int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
    Schema written =
        new Schema.Parser().parse(send("GET", "/schemas/ids/" + id, null).path("schema").asText());
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(written)
            .read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(Arrays.copyOfRange(bytes, 5, bytes.length), null));
    assertThat(read.get("queryId")).hasToString("q1");
    assertThat(read.get("status")).hasToString("SUCCEEDED");
    assertThat(read.get("finishedAt")).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void shouldReadAStranger() throws Exception {
    // given a stranger who registers our schema and writes with plain Avro
    String subject = "strangers-value";
    int id =
        send("POST", "/subjects/" + subject + "/versions", schema(Outcome.getClassSchema()))
            .path("id")
            .asInt();
    GenericRecord record =
        new GenericRecordBuilder(Outcome.getClassSchema())
            .set("queryId", "q2")
            .set("llm", "a")
            .set(
                "status",
                new GenericData.EnumSymbol(
                    Outcome.getClassSchema().getField("status").schema(), "TIMED_OUT"))
            .set("finishedAt", 1_700_000_000_000L)
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(Outcome.getClassSchema()).write(record, encoder);

    // when
    Outcome read =
        AvroSerdes.of(Outcome.class, config())
            .deserializer()
            .deserialize("strangers", bytes.toByteArray());

    // then
    assertThat(read.getQueryId()).isEqualTo("q2");
    assertThat(read.getStatus()).isEqualTo(OutcomeStatus.TIMED_OUT);
    assertThat(read.getFinishedAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_000L));
  }

  @Test
  void shouldTellAnUnknownIdFromARegistryThatRefuses() {
    // given
    byte[] unknown = {0, 0x7f, 0, 0, 1, 2, 3};

    // when, then
    assertThatThrownBy(
            () -> AvroSerdes.of(Outcome.class, config()).deserializer().deserialize(TOPIC, unknown))
        .isInstanceOf(UnknownSchemaException.class);
    assertThatThrownBy(
            () ->
                SchemaRegistryClient.create(
                        Map.of("schema.registry.url", url().replace("ccompat/v7", "nothing")))
                    .schemaById(1))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("does not look like a Schema Registry");
  }

  @Test
  void shouldBeHeldToBackwardCompatibility() throws Exception {
    // given
    String subject = "evolving-value";
    SchemaRegistryClient client = SchemaRegistryClient.create(config());
    Schema first = SchemaBuilder.record("Evolving").fields().requiredString("a").endRecord();
    Schema compatible =
        SchemaBuilder.record("Evolving")
            .fields()
            .requiredString("a")
            .optionalString("b")
            .endRecord();
    Schema incompatible =
        SchemaBuilder.record("Evolving")
            .fields()
            .requiredString("a")
            .requiredString("c")
            .endRecord();
    int firstId = client.register(subject, first);
    send("PUT", "/config/" + subject, "{\"compatibility\":\"BACKWARD\"}");

    // when, then
    assertThat(client.register(subject, compatible)).isNotEqualTo(firstId);
    assertThatThrownBy(() -> client.register(subject, incompatible))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("HTTP 409");
    assertThat(client.latest(subject).schema()).isEqualTo(compatible);
    assertThat(client.idOf(subject, first)).isEqualTo(firstId);
  }

  @Test
  void shouldHoldOurSubjectsToTheirRule() throws Exception {
    // given
    List<TopicSpec> topics = List.of(TopicCatalogue.withPrefix("held").requestsSpec("acme"));
    String subject = topics.get(0).name() + "-value";
    TopicSubjects subjects = TopicSubjects.at(config());

    // when
    assertThat(subjects.problems(topics)).singleElement().asString().contains(subject);
    assertThat(subjects.register(topics)).containsExactly(subject);

    // then
    assertThat(subjects.register(topics)).isEmpty();
    assertThat(subjects.problems(topics)).isEmpty();
    Schema foreign =
        SchemaBuilder.record("RoutedRequest")
            .namespace("dev.turnout.schema")
            .fields()
            .requiredInt("query")
            .endRecord();
    assertThatThrownBy(() -> SchemaRegistryClient.direct(config()).register(subject, foreign))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("HTTP 409");
    // and what somebody changes is seen
    send("PUT", "/config/" + subject, "{\"compatibility\":\"NONE\"}");
    assertThat(subjects.problems(topics)).singleElement().asString().contains("NONE");
  }

  @Test
  void shouldReadASchemaThatRefersToAnother() throws Exception {
    // given two subjects, one of which refers to the other
    String inner = "{\"type\":\"enum\",\"name\":\"Inner\",\"namespace\":\"n\",\"symbols\":[\"X\"]}";
    String outer =
        "{\"type\":\"record\",\"name\":\"Outer\",\"namespace\":\"n\",\"fields\":["
            + "{\"name\":\"inner\",\"type\":\"n.Inner\"}]}";
    send("POST", "/subjects/inner/versions", body(inner, ""));
    int id =
        send(
                "POST",
                "/subjects/outer/versions",
                body(outer, "{\"name\":\"n.Inner\",\"subject\":\"inner\",\"version\":1}"))
            .path("id")
            .asInt();

    // when
    Schema read = SchemaRegistryClient.direct(config()).schemaById(id);

    // then
    assertThat(read.getField("inner").schema().getEnumSymbols()).containsExactly("X");
  }

  private static String body(String schema, String reference) throws Exception {
    ObjectNode body = JSON.createObjectNode().put("schema", schema);
    body.set("references", JSON.readTree("[" + reference + "]"));
    return body.toString();
  }

  private static Outcome outcome() {
    return Outcome.newBuilder()
        .setQueryId("q1")
        .setLlm("a")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setAnswer("42")
        .setFinishedAt(Instant.ofEpochMilli(1_700_000_000_000L))
        .build();
  }

  private static String url() {
    ApicurioProcess running = apicurio;
    assertThat(running).isNotNull();
    return running.url();
  }

  private static Map<String, Object> config() {
    return Map.of("schema.registry.url", url());
  }

  private static String schema(Schema schema) {
    return JSON.createObjectNode().put("schema", schema.toString()).toString();
  }

  private static JsonNode send(String method, String path, @Nullable String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .build();
    return JSON.readTree(HTTP.send(request, BodyHandlers.ofString()).body());
  }
}
