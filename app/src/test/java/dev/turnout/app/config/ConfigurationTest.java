package dev.turnout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.ConfigException;
import dev.turnout.config.ConfigProblem;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingKind;
import dev.turnout.config.SettingValues;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.grader.GraderSettings;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.ProcessingGuarantee;
import dev.turnout.router.RouterSettings;
import dev.turnout.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

  @TempDir Path dir;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }

  @Test
  void shouldLayCommandLineOverEnvironmentOverFile() throws IOException {
    // given
    Path file = file("t.yaml", "router: {policy: sample, threads: 2, cost-weight: 0.5}\n");

    // when
    SettingValues values =
        Configuration.read(
            file,
            Map.of("TURNOUT_ROUTER_THREADS", "3", "TURNOUT_ROUTER_COST_WEIGHT", "0.7"),
            Map.of("router.cost-weight", "0.9"));

    // then
    RouterSettings router = RouterSettings.from(values, "test");
    assertThat(router.policy()).isEqualTo("sample");
    assertThat(router.threads()).isEqualTo(3);
    assertThat(router.costWeight()).isEqualTo(0.9);
    assertThat(router.guarantee()).isEqualTo(ProcessingGuarantee.EXACTLY_ONCE);
  }

  @Test
  void shouldPassFurtherKafkaAndRegistryKeysThrough() throws IOException {
    // given
    Path file =
        file(
            "t.properties",
            "kafka.bootstrap.servers=b:1\nkafka.security.protocol=SSL\nregistry.url=http://r\n");

    // when
    SettingValues values =
        Configuration.read(
            file,
            Map.of(
                "TURNOUT_KAFKA_SASL_MECHANISM",
                "PLAIN",
                "TURNOUT_REGISTRY_BASIC_AUTH_USER_INFO",
                "u:p"),
            Map.of());

    // then
    ConnectionSettings connection = ConnectionSettings.from(values);
    assertThat(connection.kafka())
        .containsEntry("bootstrap.servers", "b:1")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("sasl.mechanism", "PLAIN");
    assertThat(connection.registry())
        .containsEntry("schema.registry.url", "http://r")
        .containsEntry("basic.auth.user.info", "u:p");
  }

  @Test
  void shouldNameAReferenceThatCannotBeReadWithoutItsValue() throws IOException {
    // given
    Path file = file("t.properties", "kafka.sasl.password=hush${a::b}\nrouter.policy=${::}\n");

    // when
    SettingValues checked = Configuration.check(file, Map.of(), Map.of());

    // then
    assertThat(checked.problems())
        .extracting(ConfigProblem::toString)
        .anySatisfy(text -> assertThat(text).contains("kafka.sasl.password holds \"${\""))
        .anySatisfy(text -> assertThat(text).contains("router.policy holds \"${\""))
        .noneSatisfy(text -> assertThat(text).contains("hush"));
  }

  @Test
  void shouldRefuseWhatAFileCannotSayInsteadOfLeavingOutTheRest() throws IOException {
    // given
    Path nested = file("nested.yaml", "gateway.tokens: [[a], b]\nrouter.policy: sample\n");
    Path twice = file("twice.yaml", "router.policy: sample\n---\nrouter.threads: 2\n");

    // when, then
    assertThat(Configuration.check(nested, Map.of(), Map.of()).problems())
        .extracting(ConfigProblem::toString)
        .singleElement()
        .asString()
        .contains("nested.yaml:1: gateway.tokens: a list may hold single values alone");
    assertThat(Configuration.check(twice, Map.of(), Map.of()).problems())
        .extracting(ConfigProblem::toString)
        .singleElement()
        .asString()
        .contains("twice.yaml:3: a second document begins here");
  }

  @Test
  void shouldListEveryProblemWithItsPlaceAndTheNearestKey() throws IOException {
    // given
    Path file =
        file(
            "t.yaml",
            """
            router:
              guarante: exactly-once
              guarantee: twice
            worker:
              api-key: ${TURNOUT_NO_SUCH_SECRET}
            """);

    // when
    SettingValues checked =
        Configuration.check(file, Map.of("TURNOUT_ROUTER_THREADSS", "3"), Map.of());

    // then
    assertThat(checked.problems())
        .extracting(ConfigProblem::toString)
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("t.yaml:2: unknown key \"router.guarante\"")
                    .contains("did you mean \"router.guarantee\"?"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("t.yaml:3: router.guarantee is \"twice\"")
                    .contains("exactly-once, at-least-once"))
        .anySatisfy(
            text -> assertThat(text).contains("t.yaml:5: worker.api-key").contains("not set"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("TURNOUT_ROUTER_THREADSS")
                    .contains("\"TURNOUT_ROUTER_THREADS\""))
        .hasSize(4);
  }

  @Test
  void shouldHeedEveryKeyOfTheCommandLine() throws IOException {
    // given
    Path file = file("t.yaml", "kafka: {security.protocol: PLAINTEXT}\n");
    Map<String, String> environment = Map.of("TURNOUT_KAFKA_CLIENT_ID", "environment");
    Map<String, String> commandLine =
        Map.of(
            "kafka.security.protocol", "SSL",
            "kafka.client.id", "command",
            "kafka.linger.ms", "7",
            "router.guarante", "at-least-once");

    // when
    SettingValues checked = Configuration.check(file, environment, commandLine);

    // then
    assertThat(ConnectionSettings.from(checked).kafka())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("client.id", "command")
        .containsEntry("linger.ms", "7");
    assertThat(checked.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.toString())
                    .contains("command line", "router.guarante", "\"router.guarantee\""));
  }

  @Test
  void shouldKeepInstallationsOfOtherPrefixesApart() throws IOException {
    // given: two installations on one Kafka, and one that names its routers itself
    Path file = file("t.yaml", "topics: {prefix: other}\n");
    Map<String, String> named = Map.of("router.application-id", "mine");

    // when
    SettingValues first = Configuration.read(null, Map.of(), Map.of());
    SettingValues second = Configuration.read(file, Map.of(), Map.of());
    SettingValues third = Configuration.read(file, Map.of(), named);

    // then: routers that shared a group would take each other's partitions
    assertThat(RouterSettings.from(first, "test").applicationId()).isEqualTo("turnout-router");
    assertThat(LearnerSettings.from(first).applicationId()).isEqualTo("turnout-learner");
    assertThat(RouterSettings.from(second, "test").applicationId()).isEqualTo("other-router");
    assertThat(LearnerSettings.from(second).applicationId()).isEqualTo("other-learner");
    assertThat(RouterSettings.from(third, "test").applicationId()).isEqualTo("mine");
  }

  @Test
  void shouldRefuseRatesThatAdmitNoGrade() throws IOException {
    // given
    Path file = file("t.yaml", "learner: {grades-per-second: 0, grade-burst: 0}\n");

    // when
    SettingValues checked = Configuration.check(file, Map.of(), Map.of());

    // then
    assertThat(checked.problems())
        .extracting(ConfigProblem::toString)
        .hasSize(2)
        .anySatisfy(text -> assertThat(text).contains("learner.grades-per-second"))
        .anySatisfy(text -> assertThat(text).contains("learner.grade-burst"));
  }

  @Test
  void shouldNameTheCommandThatSetsWhatTheKeysOfTenantsSaid() throws IOException {
    // given
    Path file =
        file(
            "t.yaml",
            """
            router:
              tenant-budgets: [acme=1.5]
              tenant-bursts: [acme=0.3]
            """);

    // when
    SettingValues checked =
        Configuration.check(
            file,
            Map.of("TURNOUT_ROUTER_TENANT_EXPLORATION_FLOORS", "acme=0.1"),
            Map.of("router.tenant-budgets", "beta=2"));

    // then
    assertThat(checked.problems())
        .extracting(ConfigProblem::toString)
        .hasSize(4)
        .anyMatch(
            text ->
                text.contains("t.yaml:2: router.tenant-budgets is no longer a key")
                    && text.contains("`turnout tenants set TENANT --budget USD`"))
        .anyMatch(text -> text.contains("t.yaml:3: ") && text.contains("set TENANT --burst USD`"))
        .anyMatch(text -> text.startsWith("command line: router.tenant-budgets is no longer"))
        .anyMatch(
            text ->
                text.startsWith("TURNOUT_ROUTER_TENANT_EXPLORATION_FLOORS: ")
                    && text.contains("set TENANT --exploration-floor SHARE`"));
  }

  @Test
  void shouldReadTheBudgetsWindow() throws IOException {
    assertThat(
            RouterSettings.from(
                    Configuration.read(
                        file("t.yaml", "router: {budget-window: 30s}"), Map.of(), Map.of()),
                    "test")
                .budgetWindow())
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(
            Configuration.check(file("u.yaml", "router: {budget-window: 0s}"), Map.of(), Map.of())
                .problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("router.budget-window"));
  }

  @Test
  void shouldTakeNoServiceLinkOfKubernetesForConfiguration() throws IOException {
    // given: what a pod finds beside services called turnout-gateway and turnout-kafka
    Map<String, String> links =
        Map.of(
            "TURNOUT_GATEWAY_SERVICE_HOST", "10.0.0.1",
            "TURNOUT_GATEWAY_SERVICE_PORT", "80",
            "TURNOUT_GATEWAY_SERVICE_PORT_HTTP", "80",
            "TURNOUT_GATEWAY_PORT", "tcp://10.0.0.1:80",
            "TURNOUT_GATEWAY_PORT_80_TCP", "tcp://10.0.0.1:80",
            "TURNOUT_GATEWAY_PORT_80_TCP_PROTO", "tcp",
            "TURNOUT_GATEWAY_PORT_80_TCP_PORT", "80",
            "TURNOUT_GATEWAY_PORT_80_TCP_ADDR", "10.0.0.1",
            "TURNOUT_KAFKA_SERVICE_HOST", "10.0.0.2",
            "TURNOUT_KAFKA_PORT", "tcp://10.0.0.2:9092");
    Path file = file("t.yaml", "kafka: {bootstrap.servers: '${TURNOUT_KAFKA_SERVICE_HOST}:9092'}");

    // when
    SettingValues values = Configuration.read(file, links, Map.of());

    // then the port is the default, no link reaches Kafka's clients, and values may refer to one
    assertThat(GatewaySettings.from(values).port()).isEqualTo(8080);
    assertThat(ConnectionSettings.from(values).kafka())
        .containsExactly(Map.entry("bootstrap.servers", "10.0.0.2:9092"));
    assertThat(
            GatewaySettings.from(
                    Configuration.read(null, Map.of("TURNOUT_GATEWAY_PORT", "81"), Map.of()))
                .port())
        .isEqualTo(81);
  }

  @Test
  void shouldNameTheKeyOfAnEndpointWithoutAScheme() throws IOException {
    // given
    Path file = file("t.yaml", "worker:\n  url: localhost:8000/v1\n");

    // when
    SettingValues checked = Configuration.check(file, Map.of(), Map.of());

    // then
    assertThat(checked.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.toString())
                    .contains("t.yaml:2: worker.url is \"localhost:8000/v1\"", "http://"));
  }

  @Test
  void shouldReportWhatDoesNotGoTogether() throws IOException {
    // given
    Path file = file("t.yaml", "encoder: {engine: pytorch, precision: int8}\n");

    // when
    SettingValues checked = Configuration.check(file, Map.of(), Map.of());

    // then
    assertThat(checked.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("int8", "PyTorch"));
  }

  @Test
  void shouldSayWhichKeyARoleCannotDoWithout() {
    assertThatThrownBy(() -> WorkerSettings.from(Configuration.of(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("worker.llm is not set; it is the id of the LLM");
    assertThatThrownBy(() -> GraderSettings.judging(Configuration.of(Map.of())))
        .hasMessageContaining("grader.url is not set; it is the OpenAI-compatible endpoint");
  }

  @Test
  void shouldRefuseAKeyOfTheProgramsOwnThatThereIsNot() {
    assertThatThrownBy(() -> Configuration.of(Map.of("router.theads", "2")))
        .hasMessageContaining("did you mean \"router.threads\"?");
  }

  @Test
  void shouldReadBackItsOwnExample() throws IOException {
    // given
    Path file = file("t.yaml", ExampleConfig.text());

    // when
    SettingValues fromExample = Configuration.read(file, Map.of(), Map.of());

    // then
    SettingValues none = Configuration.read(null, Map.of(), Map.of());
    for (Setting<?> setting : Configuration.settings()) {
      Object expected = none.find(setting);
      assertThat((Object) fromExample.find(setting)).as(setting.key()).isEqualTo(expected);
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAFileThatIsNotYaml() throws IOException {
    // given
    Path file = file("t.yaml", "a: [1\nb: {");

    // then
    assertThatThrownBy(() -> Configuration.read(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("t.yaml:2")
        .hasMessageContaining("YAML");
    assertThatThrownBy(() -> Configuration.read(dir.resolve("no.yaml"), Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no.yaml")
        .hasMessageContaining("turnout check --example");
  }

  @Test
  void shouldReadDurationsAsPeopleWriteThem() {
    assertThat(SettingKind.DURATION.read("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(SettingKind.DURATION.read("30s")).isEqualTo(Duration.ofSeconds(30));
    assertThat(SettingKind.DURATION.read("24h")).isEqualTo(Duration.ofHours(24));
    assertThat(SettingKind.DURATION.read("7d")).isEqualTo(Duration.ofDays(7));
    assertThat(SettingKind.DURATION.read("PT5M")).isEqualTo(Duration.ofMinutes(5));
    assertThatThrownBy(() -> SettingKind.DURATION.read("soon"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
