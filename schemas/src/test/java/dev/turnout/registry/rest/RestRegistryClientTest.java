package dev.turnout.registry.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.turnout.registry.FakeRegistry;
import dev.turnout.registry.RegisteredSchema;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Grade;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestRegistryClientTest {

  private static final String NO_SUCH_ID =
      "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}";

  private final List<Socket> unfinished = new CopyOnWriteArrayList<>();
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
  void stop() throws IOException {
    server.close();
    for (Socket socket : unfinished) {
      socket.close();
    }
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | <html>Sign in</html>                          | does not look like a Schema Registry",
        "200 | {\"id\": \"seven\", \"schema\": 5}               | does not look like a Schema Registry",
        "200 | [1, 2]                                        | does not look like a Schema Registry",
        "401 | <html>401</html>                              | check basic.auth.*",
        "403 | no                                            | lack the right",
        "404 | {\"error_code\": 404, \"message\": \"HTTP 404\"} | see the registry's message",
        "404 | {\"message\": \"no Route matched\"}            | does not look like a Schema Registry",
        "501 | {\"error_code\": 501, \"message\": \"no\"}       | see the registry's message",
      })
  void shouldTakeWhatIsNoRegistrysAnswerForARefusal(int status, String body, String remedy) {
    // given
    server.answering(status, body);
    SchemaRegistryClient client = SchemaRegistryClient.create(config);
    List<ThrowingCallable> requests =
        List.of(
            () -> client.schemaById(7),
            () -> client.latest("s"),
            () -> client.register("s", Grade.getClassSchema()),
            () -> client.idOf("s", Grade.getClassSchema()));

    for (ThrowingCallable request : requests) {
      // when
      Throwable failure = catchThrowable(request);

      // then no record is to blame
      assertThat(failure)
          .isInstanceOf(RegistryRefusedException.class)
          .hasMessageContaining(remedy)
          .matches(Outage::isBehind);
    }
  }

  @Test
  void shouldNotFollowARedirect() {
    server.redirecting("https://login.example.org/?next=/");

    assertThatThrownBy(
            () -> SchemaRegistryClient.create(config).register("s", Grade.getClassSchema()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("https://login.example.org/?next=/")
        .hasMessageContaining("schema.registry.url");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void shouldAskTheNextUrlWhenOneLeadsToSomethingElse() throws Exception {
    // given a page in front of one registry, and another
    try (FakeRegistry page = FakeRegistry.start()) {
      page.answering(404, "<html>default backend</html>");
      config.put("schema.registry.url", page.url() + ", " + server.url());
      server.answering(200, "{\"schema\":\"\\\"string\\\"\"}");

      // when, then
      assertThat(SchemaRegistryClient.create(config).schemaById(3).getName()).isEqualTo("string");
    }
  }

  @Test
  void shouldNotWaitForEverForTheRestOfAnAnswer() throws Exception {
    // given a server that sends headers and then nothing more
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("localhost"))) {
      Thread serving = new Thread(() -> beginAnswers(silent));
      serving.setDaemon(true);
      serving.start();
      config.put("schema.registry.url", "http://localhost:" + silent.getLocalPort());
      config.put("http.read.timeout.ms", 2_000);
      config.put("http.connect.timeout.ms", 200);
      config.put("max.retries", 1);

      // when, then
      assertThatThrownBy(() -> SchemaRegistryClient.create(config).schemaById(3))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("no complete answer");
    }
  }

  /** Begins an answer to each connection and leaves it open. */
  private void beginAnswers(ServerSocket silent) {
    try {
      while (!silent.isClosed()) {
        Socket socket = silent.accept();
        unfinished.add(socket);
        socket
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".getBytes(US_ASCII));
      }
    } catch (IOException closed) {
      // the test has ended
    }
  }

  @Test
  void shouldNotKeepAnEndlessAnswer() {
    server.answering(200, "x".repeat(17 * 1024 * 1024));
    config.put("max.retries", 0);

    assertThatThrownBy(() -> SchemaRegistryClient.create(config).schemaById(3))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("bytes");
  }

  @Test
  void shouldReadASchemaThatRefersToOthers() {
    // given a record whose two types refer to a third
    server
        .answering(
            200,
            answer(
                "{'type':'record','name':'A','fields':[{'name':'b','type':'B'},{'name':'c','type':'n.C'}]}",
                reference("n.C", "c", 4),
                reference("B", "b-value", 2)))
        .answering(
            200,
            answer(
                "{'type':'record','name':'C','namespace':'n','fields':[{'name':'d','type':'D'}]}",
                reference("n.D", "d", 1)))
        .answering(200, answer("{'type':'enum','name':'D','namespace':'n','symbols':['X']}"))
        .answering(
            200,
            answer(
                "{'type':'record','name':'B','fields':[{'name':'d','type':'n.D'}]}",
                reference("n.D", "d", 1)));

    // when
    Schema schema = SchemaRegistryClient.create(config).schemaById(9);

    // then
    assertThat(schema.getField("b").schema().getField("d").schema().getEnumSymbols())
        .containsExactly("X");
    assertThat(schema.getField("c").schema().getField("d").schema().getFullName()).isEqualTo("n.D");
    assertThat(server.requests())
        .extracting(FakeRegistry.Request::path)
        .containsExactly(
            "/schemas/ids/9",
            "/subjects/c/versions/4?deleted=true",
            "/subjects/d/versions/1?deleted=true",
            "/subjects/b-value/versions/2?deleted=true");
  }

  @Test
  void shouldTellALostReferenceFromAnOutage() {
    // given
    server
        .answering(200, answer("{'type':'array','items':'B'}", reference("B", "b", 1)))
        .answering(503, "")
        .answering(503, "")
        .answering(200, answer("{'type':'array','items':'B'}", reference("B", "b", 1)))
        .answering(404, "{\"error_code\":40402,\"message\":\"Version not found\"}");
    config.put("max.retries", 1);
    SchemaRegistryClient client = SchemaRegistryClient.create(config);

    // when, then
    assertThatThrownBy(() -> client.schemaById(9)).isInstanceOf(RegistryUnavailableException.class);
    assertThatThrownBy(() -> client.schemaById(9))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("schema id 9 refers to subject b version 1");
  }

  @Test
  void shouldGiveUpOnReferencesWithoutEnd() {
    // given a registry in which every schema refers to others, which no registry would store
    AtomicInteger next = new AtomicInteger();
    server.answeringBy(
        () ->
            answer(
                "'string'",
                reference("X" + next.incrementAndGet(), "x" + next.get(), 1),
                reference("Y" + next.incrementAndGet(), "y" + next.get(), 1)));

    // when, then
    assertThatThrownBy(() -> SchemaRegistryClient.create(config).schemaById(9))
        .isExactlyInstanceOf(SerializationException.class)
        .hasMessageContaining("schema id 9 refers to more than");
    assertThat(server.requests()).hasSizeLessThanOrEqualTo(SchemaReader.MOST + 1);
  }

  @Test
  void shouldCallWhatIsNoAvroUnreadableForGood() {
    for (String schema : List.of("{", "{'type':'record'}", "'nobody.knows.It'")) {
      server.close();
      assertThatThrownBy(
              () -> {
                try (FakeRegistry fresh = FakeRegistry.start()) {
                  fresh.answering(200, answer(schema));
                  config.put("schema.registry.url", fresh.url());
                  SchemaRegistryClient.create(config).schemaById(3);
                }
              })
          .isExactlyInstanceOf(SerializationException.class)
          .hasMessageContaining("schema id 3 is not a valid Avro schema")
          .matches(failure -> !Outage.isBehind(failure));
    }
  }

  @Test
  void shouldReadASchemaThatTodaysAvroWouldNotTakeAnew() {
    // given a name and a default that were let in long ago
    server.answering(
        200,
        answer(
            "{'type':'record','name':'a-b','fields':[{'name':'c','type':'int','default':'x'}]}"));

    // when, then
    assertThat(SchemaRegistryClient.create(config).schemaById(3).getName()).isEqualTo("a-b");
  }

  @Test
  void shouldReadAndSetASubjectsRule() {
    // given
    server
        .answering(404, "{\"error_code\":40408,\"message\":\"not configured\"}")
        .answering(200, "{\"compatibility\":\"BACKWARD\"}")
        .answering(200, "{\"compatibilityLevel\":\"BACKWARD\"}");
    SchemaRegistryClient client = SchemaRegistryClient.create(config);

    // when, then
    assertThat(client.compatibility("s")).isEmpty();
    client.compatibility("s", "BACKWARD");
    assertThat(client.compatibility("s")).contains("BACKWARD");
    assertThat(server.requests().get(1).body()).isEqualTo("{\"compatibility\":\"BACKWARD\"}");
  }

  private static String answer(String schema, String... references) {
    return "{\"schema\":\""
        + schema.replace("'", "\\\"")
        + "\",\"references\":["
        + String.join(",", references)
        + "]}";
  }

  private static String reference(String name, String subject, int version) {
    return "{\"name\":\"%s\",\"subject\":\"%s\",\"version\":%d}".formatted(name, subject, version);
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
