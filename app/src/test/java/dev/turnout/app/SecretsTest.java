package dev.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.turnout.app.TurnoutTest.Run;
import dev.turnout.app.config.Configuration;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingValues;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.grader.GraderSettings;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.registry.rest.RegistrySettings;
import dev.turnout.router.RouterSettings;
import dev.turnout.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** No setting that may hold a secret ever shows it. */
class SecretsTest {
  private static final String SECRET = "hunter2";

  /** What is passed through and may be secret, as Kafka's and Confluent's clients call it. */
  private static final Map<String, String> PASSED_THROUGH =
      Map.ofEntries(
          Map.entry(
              "kafka.sasl.jaas.config", "x.PlainLoginModule required password='" + SECRET + "';"),
          Map.entry("kafka.main.consumer.sasl.jaas.config", SECRET),
          Map.entry("kafka.ssl.key.password", SECRET),
          Map.entry("kafka.ssl.keystore.password", SECRET),
          Map.entry("kafka.ssl.truststore.password", SECRET),
          Map.entry("kafka.ssl.keystore.key", SECRET),
          Map.entry("registry.basic.auth.user.info", "user:" + SECRET),
          Map.entry("registry.bearer.auth.token", SECRET),
          Map.entry("registry.schema.registry.ssl.keystore.password", SECRET),
          Map.entry("registry.url", "http://user:" + SECRET + "@localhost:8081"),
          Map.entry("kafka.sasl.oauthbearer.client.credentials.client.secret", SECRET));

  private static final Map<String, String> ENDPOINTS =
      Map.of(
          "worker.llm",
          "a",
          "worker.url",
          "http://user:" + SECRET + "@localhost:1/v1?key=" + SECRET,
          "grader.url",
          "http://user:" + SECRET + "@localhost:1/v1?key=" + SECRET,
          "grader.model",
          "judge");

  @TempDir Path dir;

  static Stream<Map.Entry<String, String>> secrets() {
    Stream<Map.Entry<String, String>> declared =
        Configuration.settings().stream()
            .filter(setting -> setting.kind().secret())
            .map(setting -> Map.entry(setting.key(), secret(setting.key())));
    return Stream.of(declared, PASSED_THROUGH.entrySet().stream(), ENDPOINTS.entrySet().stream())
        .flatMap(all -> all);
  }

  /** A value of a setting's form. */
  private static String secret(String key) {
    return key.equals("worker.extra-headers") ? "X-Team: " + SECRET : SECRET;
  }

  private static List<Object> everyRole(SettingValues values) {
    return List.of(
        values,
        ConnectionSettings.from(values),
        RouterSettings.from(values, "test"),
        LearnerSettings.from(values),
        WorkerSettings.from(values),
        WorkerSettings.endpoint(values),
        GraderSettings.from(values),
        GraderSettings.judging(values),
        GatewaySettings.from(values),
        RegistrySettings.from(ConnectionSettings.from(values).registry()));
  }

  @Test
  void shouldKnowEverySectionsSecrets() {
    assertThat(Configuration.settings())
        .filteredOn(setting -> setting.kind().secret())
        .extracting(Setting::key)
        .containsExactly(
            "otel.headers",
            "worker.api-key",
            "worker.extra-headers",
            "grader.api-key",
            "gateway.tokens");
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void shouldNotShowItInAnyRolesSettings(Map.Entry<String, String> secret) {
    // given
    Map<String, String> texts = new HashMap<>(ENDPOINTS);
    texts.put(secret.getKey(), secret.getValue());
    String variable = "TURNOUT_" + secret.getKey().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");

    // then, from the command line as from the environment
    assertThat(everyRole(Configuration.of(texts)).toString()).doesNotContain(SECRET);
    assertThat(
            everyRole(
                    Configuration.read(
                        null, Map.of(variable, secret.getValue()), Map.copyOf(ENDPOINTS)))
                .toString())
        .doesNotContain(SECRET);
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void shouldNotShowItInWhatCheckSays(Map.Entry<String, String> secret) throws IOException {
    // given it whole, beside a reference to nothing, misspelt, and on a line that is no setting
    String key = secret.getKey();
    List<String> files =
        List.of(
            key + "=" + secret.getValue() + "\n",
            key + "=" + secret.getValue() + "${NO_SUCH_VARIABLE_OF_OURS}\n",
            key + "x=" + secret.getValue() + "\nmetrics.port=many\n",
            key + " " + secret.getValue() + "\n");
    for (String text : files) {
      Path file = Files.writeString(dir.resolve("t.properties"), text);

      // when
      Run run = Run.of("check", "--config", file.toString(), "--json");

      // then
      assertThat(run.out() + run.err()).doesNotContain(SECRET);
    }
  }

  @Test
  void shouldNotShowAnEndpointsPasswordWhenItIsNoEndpoint() {
    // when
    SettingValues values =
        Configuration.check(null, Map.of(), Map.of("worker.url", "user:" + SECRET + "@host/v1"));

    // then
    assertThat(values.problems().toString()).contains("worker.url is").doesNotContain(SECRET);
  }

  @Test
  void shouldNotShowTheRegistrysPasswordWhenItsUrlIsNone() {
    // given
    SettingValues values =
        Configuration.of(Map.of("registry.url", "user:" + SECRET + "@localhost:8081"));

    // then
    assertThatThrownBy(() -> ConnectionSettings.from(values).registryUrls())
        .hasMessageContaining("schema.registry.url")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void shouldNotShowThemInWhatKafkasClientsLog() {
    // given
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
    Level before = kafka.getLevel();
    log.start();
    kafka.addAppender(log);
    kafka.setAdditive(false);
    kafka.setLevel(Level.DEBUG);
    try {
      // when
      Map<String, Object> clients =
          ConnectionSettings.from(Configuration.of(PASSED_THROUGH)).clients();
      Admin.create(clients).close(Duration.ZERO);
    } finally {
      kafka.setLevel(before);
      kafka.setAdditive(true);
      kafka.detachAppender(log);
    }

    // then
    assertThat(log.list).isNotEmpty();
    assertThat(log.list)
        .allSatisfy(event -> assertThat(event.getFormattedMessage()).doesNotContain(SECRET));
  }
}
