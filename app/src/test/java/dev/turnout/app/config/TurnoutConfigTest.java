package dev.turnout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.ledger.TenantBudgets;
import dev.turnout.router.ProcessingGuarantee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnoutConfigTest {

  @TempDir Path dir;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }

  @Test
  void shouldLayCommandLineOverEnvironmentOverFile() throws IOException {
    // given
    Path file = file("t.yaml", "router: {policy: sample, threads: 2, cost-weight: 0.5}\n");

    // when
    TurnoutConfig config =
        TurnoutConfig.read(
            file,
            Map.of("TURNOUT_ROUTER_THREADS", "3", "TURNOUT_ROUTER_COST_WEIGHT", "0.7"),
            Map.of("router.cost-weight", "0.9"));

    // then
    assertThat(config.router().policy()).isEqualTo("sample");
    assertThat(config.router().threads()).isEqualTo(3);
    assertThat(config.router().costWeight()).isEqualTo(0.9);
    assertThat(config.router().guarantee()).isEqualTo(ProcessingGuarantee.EXACTLY_ONCE);
  }

  @Test
  void shouldPassFurtherKafkaAndRegistryKeysThrough() throws IOException {
    // given
    Path file =
        file(
            "t.properties",
            "kafka.bootstrap.servers=b:1\nkafka.security.protocol=SSL\nregistry.url=http://r\n");

    // when
    TurnoutConfig config =
        TurnoutConfig.read(
            file,
            Map.of(
                "TURNOUT_KAFKA_SASL_MECHANISM",
                "PLAIN",
                "TURNOUT_REGISTRY_BASIC_AUTH_USER_INFO",
                "u:p"),
            Map.of());

    // then
    assertThat(config.kafka().clientSettings())
        .containsEntry("bootstrap.servers", "b:1")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("sasl.mechanism", "PLAIN");
    assertThat(config.registry().serdeSettings())
        .containsEntry("schema.registry.url", "http://r")
        .containsEntry("basic.auth.user.info", "u:p");
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
    TurnoutConfig.Checked checked =
        TurnoutConfig.check(file, Map.of("TURNOUT_ROUTER_THREADSS", "3"), Map.of());

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
    TurnoutConfig.Checked checked = TurnoutConfig.check(file, environment, commandLine);

    // then
    assertThat(checked.config().kafka().clientSettings())
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
    TurnoutConfig first = TurnoutConfig.read(null, Map.of(), Map.of());
    TurnoutConfig second = TurnoutConfig.read(file, Map.of(), Map.of());
    TurnoutConfig third = TurnoutConfig.read(file, Map.of(), named);

    // then: routers that shared a group would take each other's partitions
    assertThat(first.router().applicationId()).isEqualTo("turnout-router");
    assertThat(first.learner().applicationId()).isEqualTo("turnout-learner");
    assertThat(second.router().applicationId()).isEqualTo("other-router");
    assertThat(second.learner().applicationId()).isEqualTo("other-learner");
    assertThat(third.router().applicationId()).isEqualTo("mine");
  }

  @Test
  void shouldRefuseRatesThatAdmitNoGrade() throws IOException {
    // given
    Path file = file("t.yaml", "learner: {grades-per-second: 0, grade-burst: 0}\n");

    // when
    TurnoutConfig.Checked checked = TurnoutConfig.check(file, Map.of(), Map.of());

    // then
    assertThat(checked.problems())
        .extracting(ConfigProblem::toString)
        .hasSize(2)
        .anySatisfy(text -> assertThat(text).contains("learner.grades-per-second"))
        .anySatisfy(text -> assertThat(text).contains("learner.grade-burst"));
  }

  @Test
  void shouldReadTenantsFloorsAndReportMalformedOnes() throws IOException {
    // given
    Path file =
        file("t.yaml", "router: {tenant-exploration-floors: [acme=0.1, broken, other=2]}\n");

    // when
    TurnoutConfig.Checked checked = TurnoutConfig.check(file, Map.of(), Map.of());

    // then
    assertThat(checked.config().router().tenantExplorationFloors())
        .containsExactly(Map.entry("acme", 0.1));
    assertThat(checked.problems()).hasSize(2).allMatch(p -> p.message().contains("name=share"));
  }

  @Test
  void shouldReadTenantsBudgetsAndReportMalformedOnes() throws IOException {
    // given
    Path file =
        file(
            "t.yaml",
            """
            router:
              tenant-budgets: [acme=1.5, beta=20, free=0]
              tenant-bursts: [acme=0.3, gamma=1]
              budget-window: 30s
            """);

    // when
    TurnoutConfig.Checked checked = TurnoutConfig.check(file, Map.of(), Map.of());

    // then
    TenantBudgets budgets = checked.config().router().budgets();
    assertThat(budgets.byTenant()).containsOnlyKeys("acme", "beta");
    assertThat(budgets.find("acme")).isEqualTo(new BudgetSettings(1.5, 0.3, 0.5, 100));
    assertThat(budgets.find("beta")).isEqualTo(new BudgetSettings(20, 2, 0.5, 100));
    assertThat(budgets.inFlightWindow()).isEqualTo(Duration.ofSeconds(30));
    assertThat(checked.problems())
        .extracting(ConfigProblem::toString)
        .hasSize(2)
        .anyMatch(text -> text.contains("t.yaml:2: router.tenant-budgets: \"free=0\""))
        .anyMatch(text -> text.contains("t.yaml:3: ") && text.contains("\"gamma\" has no budget"));
  }

  @Test
  void shouldNeverPrintASecret() throws IOException {
    // given
    Path file = file("t.yaml", "worker: {api-key: hunter2, attempts: many}\n");

    // when
    TurnoutConfig.Checked checked = TurnoutConfig.check(file, Map.of(), Map.of());

    // then
    assertThat(checked.problems()).hasSize(1);
    assertThat(checked.problems().toString()).doesNotContain("hunter2");
    assertThat(checked.config().toString()).doesNotContain("hunter2");
  }

  @Test
  void shouldReadBackItsOwnExample() throws IOException {
    // given
    Path file = file("t.yaml", ExampleConfig.text());

    // when
    TurnoutConfig fromExample = TurnoutConfig.read(file, Map.of(), Map.of());

    // then
    assertThat(fromExample).isEqualTo(TurnoutConfig.read(null, Map.of(), Map.of()));
  }

  @Test
  void shouldSayWhatIsWrongWithAFileThatIsNotYaml() throws IOException {
    // given
    Path file = file("t.yaml", "a: [1\nb: {");

    // then
    assertThatThrownBy(() -> TurnoutConfig.read(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("t.yaml:2")
        .hasMessageContaining("YAML");
    assertThatThrownBy(() -> TurnoutConfig.read(dir.resolve("no.yaml"), Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no.yaml")
        .hasMessageContaining("turnout check --example");
  }

  @Test
  void shouldReadDurationsAsPeopleWriteThem() {
    assertThat(ValueKind.duration("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(ValueKind.duration("30s")).isEqualTo(Duration.ofSeconds(30));
    assertThat(ValueKind.duration("24h")).isEqualTo(Duration.ofHours(24));
    assertThat(ValueKind.duration("7d")).isEqualTo(Duration.ofDays(7));
    assertThat(ValueKind.duration("PT5M")).isEqualTo(Duration.ofMinutes(5));
    assertThatThrownBy(() -> ValueKind.duration("soon"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
