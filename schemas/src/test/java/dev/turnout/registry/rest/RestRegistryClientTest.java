package dev.turnout.registry.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.FakeRegistry;
import dev.turnout.registry.RegisteredSchema;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Grade;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestRegistryClientTest {

  private static final String NO_SUCH_ID =
      "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}";

  private FakeRegistry server;
  private final Map<String, Object> config = new HashMap<>();

  @BeforeEach
  void start() throws Exception {
    server = FakeRegistry.start();
    config.put("schema.registry.url", server.url());
    config.put("schema.registry.retries.wait.ms", 1);
    config.put("retries.max.wait.ms", 5);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldRegisterOnceAndRememberTheId() {
    // given
    server.answering(200, "{\"id\":41}");
    SchemaRegistryClient client = SchemaRegistryClient.create(config);

    // when
    int first = client.register("feedback-value", Grade.getClassSchema());
    int second = client.register("feedback-value", Grade.getClassSchema());

    // then
    assertThat(List.of(first, second)).containsExactly(41, 41);
    assertThat(server.requests()).hasSize(1);
    FakeRegistry.Request request = server.requests().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/subjects/feedback-value/versions");
    assertThat(request.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
    assertThat(request.body()).contains("\\\"name\\\":\\\"Grade\\\"");
    assertThat(request.authorization()).isNull();
  }

  @Test
  void shouldReadASchemaOnceAndShareItWithEqualSettings() {
    // given
    server.answering(200, "{\"schema\":\"\\\"string\\\"\"}");

    // when
    SchemaRegistryClient.create(config).schemaById(3);
    SchemaRegistryClient.create(new HashMap<>(config)).schemaById(3);

    // then
    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0).path()).isEqualTo("/schemas/ids/3");
  }

  @Test
  void shouldEscapeSubjects() {
    server.answering(200, "{\"id\":1,\"version\":2,\"schema\":\"\\\"int\\\"\"}");

    RegisteredSchema latest = SchemaRegistryClient.create(config).latest("a b/c");

    assertThat(latest.version()).isEqualTo(2);
    assertThat(server.requests().get(0).path()).isEqualTo("/subjects/a%20b%2Fc/versions/latest");
  }

  @Test
  void shouldSendUserAndPassword() {
    config.put("basic.auth.credentials.source", "USER_INFO");
    config.put("schema.registry.basic.auth.user.info", "user:secret");

    assertThat(authorization()).isEqualTo("Basic dXNlcjpzZWNyZXQ=");
  }

  @Test
  void shouldSendUserAndPasswordOfTheUrl() {
    config.put("schema.registry.url", server.url().replace("http://", "http://user:secret@"));

    assertThat(authorization()).isEqualTo("Basic dXNlcjpzZWNyZXQ=");
  }

  @Test
  void shouldSendABearerToken() {
    config.put("bearer.auth.credentials.source", "STATIC_TOKEN");
    config.put("bearer.auth.token", "t0ken");

    assertThat(authorization()).isEqualTo("Bearer t0ken");
  }

  private String authorization() {
    server.answering(200, "{\"schema\":\"\\\"string\\\"\"}");
    SchemaRegistryClient.create(config).schemaById(3);
    return "" + server.requests().get(0).authorization();
  }

  @Test
  void shouldKeepSecretsOutOfMessages() {
    // given
    config.put("schema.registry.url", server.url().replace("http://", "http://user:secret@"));
    server.answering(401, "{\"error_code\":40101,\"message\":\"Unauthorized\"}");

    // when, then
    assertThatThrownBy(() -> SchemaRegistryClient.create(config).schemaById(3))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining(server.url())
        .hasMessageContaining("basic.auth")
        .hasMessageNotContaining("secret");
    assertThat(RegistrySettings.from(config).toString()).doesNotContain("secret", "dXNlcjpz");
  }

  @Test
  void shouldAskTheNextUrlWhenOneDoesNotAnswer() throws Exception {
    // given a registry that is gone and one that is there
    FakeRegistry gone = FakeRegistry.start();
    gone.close();
    config.put("schema.registry.url", gone.url() + ", " + server.url());
    server.answering(200, "{\"schema\":\"\\\"string\\\"\"}");

    // when, then
    assertThat(SchemaRegistryClient.create(config).schemaById(3).getName()).isEqualTo("string");
  }

  @Test
  void shouldTryAgainWhileTheRegistryStarts() {
    // given
    server
        .answering(503, "")
        .answering(500, "{\"error_code\":50003}")
        .answering(200, "{\"schema\":\"\\\"string\\\"\"}");

    // when, then
    assertThat(SchemaRegistryClient.create(config).schemaById(3).getName()).isEqualTo("string");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void shouldSayThatNobodyAnswersAfterTheLastRetry() {
    server.answering(503, "");
    config.put("max.retries", "2");

    assertThatThrownBy(() -> SchemaRegistryClient.create(config).schemaById(3))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("/schemas/ids/3")
        .hasMessageContaining(server.url())
        .hasMessageContaining("HTTP 503")
        .hasMessageContaining("schema.registry.url");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void shouldCallAnIdPoisonOnlyWhenTheRegistrySaysSo() {
    // given
    server.answering(404, NO_SUCH_ID);
    SchemaRegistryClient client = SchemaRegistryClient.create(config);

    // when, then
    assertThatThrownBy(() -> client.schemaById(7))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("schema id 7")
        .hasMessageContaining(server.url());
    // and a flood of records with that id asks just once
    assertThatThrownBy(() -> client.schemaById(7)).isInstanceOf(UnknownSchemaException.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void shouldTakeAWrongPathForAWrongPath() {
    server.answering(404, "<html>Not Found</html>");

    assertThatThrownBy(() -> SchemaRegistryClient.create(config).schemaById(7))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("does not look like a Schema Registry");
  }

  @Test
  void shouldExplainAnIncompatibleSchema() {
    server.answering(409, "{\"error_code\":409,\"message\":\"reader field missing default\"}");

    assertThatThrownBy(
            () -> SchemaRegistryClient.create(config).register("s", Grade.getClassSchema()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("reader field missing default")
        .hasMessageContaining("compatibility rule");
  }

  @Test
  void shouldNameTheConfigurationThatIsMissingOrWrong() {
    assertThatThrownBy(() -> RegistrySettings.from(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url");
    assertThatThrownBy(() -> RegistrySettings.from(Map.of("schema.registry.url", "localhost:8081")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http://");
    config.put("basic.auth.credentials.source", "SASL_INHERIT");
    assertThatThrownBy(() -> RegistrySettings.from(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("USER_INFO");
  }

  @Test
  void shouldKeepItsDefaults() {
    RegistrySettings settings =
        RegistrySettings.from(Map.of("schema.registry.url", "http://a:1/,https://b:2/path/"));

    assertThat(settings.urls()).containsExactly("http://a:1", "https://b:2/path");
    assertThat(settings.connectTimeout()).hasSeconds(5);
    assertThat(settings.readTimeout()).hasSeconds(10);
    assertThat(settings.maxRetries()).isEqualTo(3);
    assertThat(settings.retryWait()).hasMillis(200);
    assertThat(settings.retryMaxWait()).hasMillis(2_000);
    assertThat(settings.cacheCapacity()).isEqualTo(1_000);
    assertThat(settings.missingIdTtl()).hasSeconds(5);
    assertThat(settings.latestTtl()).isNegative();
  }
}
