package dev.turnout.local.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Grade;
import dev.turnout.serde.AvroSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    assertThat(get("/mode/s").path("mode").asText()).isEqualTo("READONLY");
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
    assertThat(send("DELETE", "/subjects/s?permanent=true", null).body()).hasToString("[1,2]");
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

  private static String schema(String text) {
    return JSON.createObjectNode().put("schema", text).toString();
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
