package dev.turnout.local.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.serde.AvroSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InProcessRegistryTest {

  private static final String V1 = record("{\"name\":\"a\",\"type\":\"string\"}");
  private static final String WITH_DEFAULT =
      record(
          "{\"name\":\"a\",\"type\":\"string\"},"
              + "{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
  private static final String WITHOUT_DEFAULT =
      record("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"int\"}");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private InProcessRegistry registry;

  @BeforeEach
  void start() {
    registry = InProcessRegistry.start(0, null);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static String record(String fields) {
    return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}";
  }

  @Test
  void shouldServeOurOwnSerdes() {
    // given
    Serde<Grade> serde = AvroSerdes.of(Grade.class, config());
    Grade grade =
        Grade.newBuilder()
            .setQueryId("1")
            .setLlm("a")
            .setGrader("g")
            .setReward(0.5)
            .setGradedAt(Instant.ofEpochMilli(9))
            .build();

    // when
    byte[] bytes = serde.serializer().serialize("turnout.feedback", grade);

    // then
    assertThat(serde.deserializer().deserialize("turnout.feedback", bytes)).isEqualTo(grade);
    SchemaRegistryClient client = SchemaRegistryClient.create(config());
    assertThat(client.latest("turnout.feedback-value").schema()).isEqualTo(Grade.getClassSchema());
    assertThat(client.idOf("turnout.feedback-value", Grade.getClassSchema())).isEqualTo(1);
  }

  @Test
  void shouldGiveOneIdToOneSchemaAndVersionsToSubjects() throws Exception {
    assertThat(register("s", V1).body().path("id").asInt()).isEqualTo(1);
    assertThat(register("t", V1).body().path("id").asInt()).isEqualTo(1);
    assertThat(register("s", WITH_DEFAULT).body().path("id").asInt()).isEqualTo(2);
    assertThat(register("s", V1).body().path("id").asInt()).isEqualTo(1);

    assertThat(get("/subjects")).hasToString("[\"s\",\"t\"]");
    assertThat(get("/subjects/s/versions")).hasToString("[1,2]");
    assertThat(get("/subjects/s/versions/latest").path("id").asInt()).isEqualTo(2);
    assertThat(get("/schemas/ids/2").path("schema").asText()).isEqualTo(WITH_DEFAULT);
    assertThat(get("/schemas/ids/1/subjects")).hasToString("[\"s\",\"t\"]");
    assertThat(get("/schemas/types")).hasToString("[\"AVRO\"]");
  }

  @Test
  void shouldEnforceTheDefaultRuleBackward() throws Exception {
    // given
    register("s", V1);

    // when
    Answer refused = register("s", WITHOUT_DEFAULT);

    // then
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body().path("error_code").asInt()).isEqualTo(409);
    assertThat(refused.body().path("message").asText())
        .contains("READER_FIELD_MISSING_DEFAULT_VALUE", "BACKWARD");
    assertThatThrownBy(
            () ->
                SchemaRegistryClient.create(config())
                    .register("s", new Schema.Parser().parse(WITHOUT_DEFAULT)))
        .isInstanceOf(RegistryRefusedException.class);
  }

  @Test
  void shouldEnforceTheRuleOfASubject() throws Exception {
    // given
    register("s", V1);

    // when
    Answer set = send("PUT", "/config/s", "{\"compatibility\":\"NONE\"}");

    // then
    assertThat(set.body().path("compatibility").asText()).isEqualTo("NONE");
    assertThat(get("/config/s").path("compatibilityLevel").asText()).isEqualTo("NONE");
    assertThat(get("/config").path("compatibilityLevel").asText()).isEqualTo("BACKWARD");
    assertThat(register("s", WITHOUT_DEFAULT).status()).isEqualTo(200);
    assertThat(send("GET", "/config/other", null).body().path("error_code").asInt())
        .isEqualTo(40408);
  }

  @Test
  void shouldLookBackAtEveryVersionWhenTransitive() throws Exception {
    // given a field with a default that the latest version dropped
    String dropped = record("{\"name\":\"a\",\"type\":\"string\"}");
    String typed = record("{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    String retyped = record("{\"name\":\"b\",\"type\":\"string\",\"default\":\"\"}");
    register("s", typed);
    send("PUT", "/config/s", "{\"compatibility\":\"NONE\"}");
    register("s", dropped);

    // when, then
    send("PUT", "/config/s", "{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");
    assertThat(register("s", retyped).status()).isEqualTo(409);
    send("PUT", "/config/s", "{\"compatibility\":\"BACKWARD\"}");
    assertThat(register("s", retyped).status()).isEqualTo(200);
  }

  @Test
  void shouldEnforceForwardAndFull() throws Exception {
    register("s", WITH_DEFAULT);
    send("PUT", "/config/s", "{\"compatibility\":\"FORWARD\"}");
    assertThat(compatible("s", WITHOUT_DEFAULT)).isTrue();
    assertThat(compatible("s", V1)).isTrue();
    assertThat(compatible("s", record("{\"name\":\"b\",\"type\":\"int\"}"))).isFalse();
    send("PUT", "/config/s", "{\"compatibility\":\"FULL\"}");
    assertThat(compatible("s", V1)).isTrue();
  }

  @Test
  void shouldExplainIncompatibilityWhenAsked() throws Exception {
    register("s", V1);

    JsonNode verdict =
        send(
                "POST",
                "/compatibility/subjects/s/versions/latest?verbose=true",
                schema(WITHOUT_DEFAULT))
            .body();

    assertThat(verdict.path("is_compatible").asBoolean()).isFalse();
    assertThat(verdict.path("messages").get(0).asText()).contains("b");
  }

  @Test
  void shouldUseTheUsualErrorCodes() throws Exception {
    register("s", V1);

    assertThat(code("GET", "/subjects/x/versions", null)).isEqualTo(40401);
    assertThat(code("GET", "/subjects/s/versions/9", null)).isEqualTo(40402);
    assertThat(code("GET", "/subjects/s/versions/zero", null)).isEqualTo(42202);
    assertThat(code("GET", "/schemas/ids/99", null)).isEqualTo(40403);
    assertThat(code("POST", "/subjects/s", schema(WITH_DEFAULT))).isEqualTo(40403);
    assertThat(code("POST", "/subjects/s/versions", schema("{"))).isEqualTo(42201);
    assertThat(code("POST", "/subjects/s/versions", "{}")).isEqualTo(42201);
    assertThat(code("POST", "/subjects/s/versions", "no json")).isEqualTo(400);
    assertThat(code("PUT", "/config", "{\"compatibility\":\"SIDEWAYS\"}")).isEqualTo(42203);
    assertThat(code("PUT", "/mode", "{\"mode\":\"SIDEWAYS\"}")).isEqualTo(42204);
    assertThat(code("GET", "/nowhere", null)).isEqualTo(404);
    assertThatThrownBy(() -> SchemaRegistryClient.create(config()).schemaById(99))
        .isInstanceOf(UnknownSchemaException.class);
  }

  @Test
  void shouldRefuseNewSchemasWhenReadOnly() throws Exception {
    register("s", V1);
    send("PUT", "/mode", "{\"mode\":\"READONLY\"}");

    assertThat(code("POST", "/subjects/s/versions", schema(WITH_DEFAULT))).isEqualTo(42205);
    assertThat(register("s", V1).status()).isEqualTo(200);
    assertThat(code("GET", "/mode/s", null)).isEqualTo(40409);
    assertThat(get("/mode/s?defaultToGlobal=true").path("mode").asText()).isEqualTo("READONLY");
  }

  @Test
  void shouldKeepTheIdsOfDeletedSchemasReadable() throws Exception {
    // given
    register("s", V1);
    register("s", WITH_DEFAULT);

    // when
    assertThat(code("DELETE", "/subjects/s?permanent=true", null)).isEqualTo(40405);
    assertThat(send("DELETE", "/subjects/s/versions/latest", null).body()).hasToString("2");
    assertThat(send("DELETE", "/subjects/s", null).body()).hasToString("[1]");

    // then
    assertThat(get("/subjects")).isEmpty();
    assertThat(get("/schemas/ids/2").path("schema").asText()).isEqualTo(WITH_DEFAULT);
    assertThat(code("DELETE", "/subjects/s", null)).isEqualTo(40404);
    assertThat(send("DELETE", "/subjects/s?permanent=true", null).body()).hasToString("[1,2]");
    assertThat(code("DELETE", "/subjects/s", null)).isEqualTo(40401);
    assertThat(code("GET", "/schemas/ids/2", null)).isEqualTo(40403);
    // and an id that stands in records never means another schema
    assertThat(register("s", record("")).body().path("id").asInt()).isEqualTo(3);
  }

  @Test
  void shouldDeleteAVersionInTwoSteps() throws Exception {
    // given
    register("s", V1);
    register("s", WITH_DEFAULT);

    // when, then
    assertThat(code("DELETE", "/subjects/s/versions/2?permanent=true", null)).isEqualTo(40407);
    assertThat(send("DELETE", "/subjects/s/versions/2", null).body()).hasToString("2");
    assertThat(code("DELETE", "/subjects/s/versions/2", null)).isEqualTo(40406);
    assertThat(code("GET", "/subjects/s/versions/2", null)).isEqualTo(40402);
    assertThat(get("/subjects/s/versions/2?deleted=true").path("deleted").asBoolean()).isTrue();
    assertThat(get("/subjects/s/versions/latest").path("version").asInt()).isEqualTo(1);
    assertThat(code("POST", "/subjects/s", schema(WITH_DEFAULT))).isEqualTo(40403);
    assertThat(send("POST", "/subjects/s?deleted=true", schema(WITH_DEFAULT)).status())
        .isEqualTo(200);
    assertThat(send("DELETE", "/subjects/s/versions/2?permanent=true", null).body())
        .hasToString("2");
    assertThat(code("GET", "/subjects/s/versions/2?deleted=true", null)).isEqualTo(40402);
    assertThat(code("DELETE", "/subjects/s/versions/9", null)).isEqualTo(40402);
    assertThat(code("DELETE", "/subjects/none/versions/1", null)).isEqualTo(40401);
  }

  @Test
  void shouldRegisterADeletedSchemaAsANewVersionOfItsId() throws Exception {
    register("s", V1);
    send("DELETE", "/subjects/s", null);

    assertThat(register("s", V1).body().path("id").asInt()).isEqualTo(1);
    assertThat(get("/subjects/s/versions")).hasToString("[2]");
    assertThat(get("/subjects/s/versions?deleted=true")).hasToString("[1,2]");
    assertThat(get("/subjects/s/versions?deletedOnly=true")).hasToString("[1]");
  }

  @Test
  void shouldListAsAsked() throws Exception {
    // given
    register("tur.a", V1);
    register("tur.b", V1);
    register("other", V1);
    send("DELETE", "/subjects/tur.b", null);

    // then
    assertThat(get("/subjects?subjectPrefix=tur")).hasToString("[\"tur.a\"]");
    assertThat(get("/subjects?deleted=true")).hasToString("[\"other\",\"tur.a\",\"tur.b\"]");
    assertThat(get("/subjects?deletedOnly=true")).hasToString("[\"tur.b\"]");
    assertThat(get("/subjects?deleted=true&offset=1&limit=1")).hasToString("[\"tur.a\"]");
    assertThat(get("/schemas/ids/1/subjects")).hasToString("[\"other\",\"tur.a\"]");
    assertThat(get("/schemas/ids/1/subjects?deleted=true")).hasSize(3);
    assertThat(get("/schemas/ids/1/versions?subject=other"))
        .hasToString("[{\"subject\":\"other\",\"version\":1}]");
    assertThat(get("/schemas?subjectPrefix=tur&latestOnly=true").get(0).path("id").asInt())
        .isEqualTo(1);
    assertThat(get("/schemas/ids/1?fetchMaxId=true").path("maxId").asInt()).isEqualTo(1);
  }

  @Test
  void shouldForgetTheRulesOfADeletedSubject() throws Exception {
    // given
    register("s", V1);
    send("PUT", "/config/s", "{\"compatibility\":\"FULL\"}");
    send("PUT", "/mode/s", "{\"mode\":\"READWRITE\"}");

    // when
    send("DELETE", "/subjects/s", null);

    // then
    assertThat(code("GET", "/config/s", null)).isEqualTo(40408);
    assertThat(get("/config/s?defaultToGlobal=true").path("compatibilityLevel").asText())
        .isEqualTo("BACKWARD");
    assertThat(code("GET", "/mode/s", null)).isEqualTo(40409);
    assertThat(code("DELETE", "/config/s", null)).isEqualTo(40401);
    send("PUT", "/config", "{\"compatibility\":\"NONE\"}");
    assertThat(send("DELETE", "/config", null).body().path("compatibilityLevel").asText())
        .isEqualTo("NONE");
    assertThat(get("/config").path("compatibilityLevel").asText()).isEqualTo("BACKWARD");
  }

  @Test
  void shouldServeASchemaThatRefersToOthers() throws Exception {
    // given our query in two parts, as every tool of Confluent's or Apicurio's registers it
    Schema query = Query.getClassSchema();
    Schema constraints = QueryConstraints.getClassSchema();
    String parts = withoutConstraints(query);
    register("constraints", constraints.toString());
    String reference = reference(constraints.getFullName(), "constraints", -1);

    // when
    int id =
        send("POST", "/subjects/q/versions", schema(parts, reference)).body().path("id").asInt();

    // then it reads as one
    assertThat(SchemaRegistryClient.create(config()).schemaById(id)).isEqualTo(query);
    assertThat(SchemaRegistryClient.create(config()).latest("q").schema()).isEqualTo(query);
    assertThat(get("/schemas/ids/" + id).path("references"))
        .hasToString("[" + reference(constraints.getFullName(), "constraints", 1) + "]");
    // is found again, and is not the same as its types in one
    assertThat(send("POST", "/subjects/q", schema(parts, reference)).body().path("id").asInt())
        .isEqualTo(id);
    assertThat(register("q", query.toString()).body().path("id").asInt()).isEqualTo(id + 1);
    // holds what it refers to
    assertThat(get("/subjects/constraints/versions/1/referencedby")).hasToString("[" + id + "]");
    assertThat(code("DELETE", "/subjects/constraints/versions/1", null)).isEqualTo(42206);
    assertThat(code("DELETE", "/subjects/constraints", null)).isEqualTo(42206);
    // and is held to the rule with all its types
    String narrower = reference(constraints.getFullName(), "narrower", 1);
    register(
        "narrower",
        "{\"type\":\"record\",\"name\":\"QueryConstraints\",\"namespace\":\"dev.turnout.schema\","
            + "\"fields\":[{\"name\":\"fresh\",\"type\":\"int\"}]}");
    Answer refused = send("POST", "/subjects/q/versions", schema(parts, narrower));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body().path("message").asText()).contains("/fields/4/type/1");
  }

  @Test
  void shouldRefuseReferencesThatLeadNowhere() throws Exception {
    // given
    String uses = record("{\"name\":\"a\",\"type\":\"n.Other\"}");

    // when, then
    Answer missing =
        send("POST", "/subjects/s/versions", schema(uses, reference("n.Other", "other", 1)));
    assertThat(missing.body().path("error_code").asInt()).isEqualTo(42201);
    assertThat(missing.body().path("message").asText()).contains("\"other\"", "version 1");
    assertThat(code("POST", "/subjects/s/versions", schema(uses))).isEqualTo(42201);
    assertThat(code("POST", "/subjects/s/versions", schema(V1, "{\"name\":\"x\"}")))
        .isEqualTo(42201);
  }

  @Test
  void shouldKeepReferencesOverARestartAndReadTheFilesOfEarlierReleases() throws Exception {
    // given a file as earlier releases wrote it
    Path file = directory.resolve("registry.json");
    Files.writeString(
        file,
        "{\"schemas\":{\"7\":\"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"E\\\",\\\"symbols\\\":[\\\"X\\\"]}\"},"
            + "\"subjects\":{\"e\":[{\"version\":1,\"id\":7,\"deleted\":false}]},"
            + "\"compatibility\":{},\"modes\":{}}");
    registry.close();
    registry = InProcessRegistry.start(0, file);
    String uses = record("{\"name\":\"e\",\"type\":\"E\"}");
    Answer first = send("POST", "/subjects/s/versions", schema(uses, reference("E", "e", 1)));
    assertThat(first.body().path("id").asInt()).isEqualTo(8);

    // when
    registry.close();
    registry = InProcessRegistry.start(0, file);

    // then
    assertThat(SchemaRegistryClient.create(config()).schemaById(8).getField("e").schema())
        .isEqualTo(Schema.createEnum("E", null, null, List.of("X")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int    | \"logicalType\":\"timestamp-millis\"",
        "string | \"logicalType\":\"decimal\",\"precision\":4",
        "bytes  | \"logicalType\":\"decimal\"",
        "bytes  | \"logicalType\":\"decimal\",\"precision\":2,\"scale\":3",
        "long   | \"logicalType\":\"date\"",
        "int    | \"logicalType\":\"uuid\"",
      })
  void shouldRefuseALogicalTypeOnATypeThatItDoesNotBelongTo(String type, String properties)
      throws Exception {
    // given
    String schema =
        record(
            "{\"name\":\"outer\",\"type\":{\"type\":\"array\",\"items\":[\"null\",{\"type\":\""
                + type
                + "\","
                + properties
                + "}]}}");

    // when
    Answer answer = register("s", schema);

    // then
    assertThat(answer.body().path("error_code").asInt()).isEqualTo(42201);
    assertThat(answer.body().path("message").asText())
        .contains("field R.outer", "does not belong on " + type);
  }

  @Test
  void shouldTakeLogicalTypesThatBelongAndThoseThatAvroDoesNotKnow() throws Exception {
    assertThat(register("q", Query.getClassSchema().toString()).status()).isEqualTo(200);
    assertThat(
            register(
                    "s",
                    record(
                        "{\"name\":\"a\",\"type\":{\"type\":\"string\",\"logicalType\":\"mine\"}}"))
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /exporters                 |                                    | GET /exporters",
        "GET  | /subjects/s/metadata       |                                    | /subjects/s/metadata",
        "PUT  | /mode                      | {\"mode\":\"IMPORT\"}                | mode IMPORT",
        "POST | /subjects/s/versions       | {\"schemaType\":\"PROTOBUF\"}        | PROTOBUF",
        "POST | /subjects/s/versions       | {\"schema\":\"x\",\"id\":5}          | mode IMPORT",
        "POST | /subjects/s/versions       | {\"schema\":\"x\",\"ruleSet\":{\"a\":1}} | ruleSet",
        "PUT  | /config/s                  | {\"alias\":\"t\"}                    | alias",
        "GET  | /schemas/ids/1?format=serialized |                              | format=serialized",
      })
  void shouldNameWhatIsNotThere(String method, String path, @Nullable String body, String named)
      throws Exception {
    Answer answer = send(method, path, body);

    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.body().path("error_code").asInt()).isEqualTo(501);
    assertThat(answer.body().path("message").asText())
        .contains(named, "is not there in Turnout's registry");
  }

  @Test
  void shouldKeepItsIdsOverARestart() throws Exception {
    // given
    Path file = directory.resolve("data").resolve("registry.json");
    registry.close();
    registry = InProcessRegistry.start(0, file);
    register("s", V1);
    register("s", WITH_DEFAULT);
    send("PUT", "/config/s", "{\"compatibility\":\"FULL\"}");

    // when
    registry.close();
    registry = InProcessRegistry.start(0, file);

    // then
    assertThat(register("s", WITH_DEFAULT).body().path("id").asInt()).isEqualTo(2);
    assertThat(register("new", record("")).body().path("id").asInt()).isEqualTo(3);
    assertThat(get("/config/s").path("compatibilityLevel").asText()).isEqualTo("FULL");
  }

  @Test
  void shouldNameThePortThatIsTaken() {
    assertThatThrownBy(() -> InProcessRegistry.start(registry.port(), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("port " + registry.port() + " is taken");
  }

  private record Answer(int status, JsonNode body) {}

  private Map<String, Object> config() {
    return Map.of("schema.registry.url", registry.url());
  }

  private boolean compatible(String subject, String schema) throws Exception {
    return send("POST", "/compatibility/subjects/" + subject + "/versions", schema(schema))
        .body()
        .path("is_compatible")
        .asBoolean();
  }

  private Answer register(String subject, String schema) throws Exception {
    return send("POST", "/subjects/" + subject + "/versions", schema(schema));
  }

  private static String schema(String text, String... references) {
    try {
      ObjectNode body = JSON.createObjectNode().put("schema", text);
      body.set("references", JSON.readTree("[" + String.join(",", references) + "]"));
      return body.toString();
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  private static String reference(String name, String subject, int version) {
    return "{\"name\":\"%s\",\"subject\":\"%s\",\"version\":%d}".formatted(name, subject, version);
  }

  /** The query's schema with its constraints by name, as it stands in our repository. */
  private static String withoutConstraints(Schema query) throws JsonProcessingException {
    JsonNode json = JSON.readTree(query.toString());
    for (JsonNode field : json.path("fields")) {
      if (field.path("name").asText().equals("constraints")) {
        ((ArrayNode) field.path("type")).set(1, QueryConstraints.getClassSchema().getFullName());
      }
    }
    assertThat(json.toString()).doesNotContain("allowedLlms");
    return json.toString();
  }

  private JsonNode get(String path) throws Exception {
    Answer answer = send("GET", path, null);
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private int code(String method, String path, @Nullable String body) throws Exception {
    return send(method, path, body).body().path("error_code").asInt();
  }

  private Answer send(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry.url() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .build();
    HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/vnd.schemaregistry.v1+json");
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }
}
