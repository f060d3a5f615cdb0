package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.app.Turnout;
import dev.turnout.app.config.Configuration;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingValues;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.grader.GraderSettings;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.RouterSettings;
import dev.turnout.worker.WorkerSettings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class RenderedSettingsTest {

  /** Of Confluent's serialisers. */
  private static final Set<String> REGISTRY =
      Set.of("url", "basic.auth.credentials.source", "basic.auth.user.info");

  @Test
  void shouldBeReadByTheProgramWithoutAProblem() {
    assertThat(RolePod.all())
        .isNotEmpty()
        .allSatisfy(
            pod -> {
              assertThat(problems(pod)).as("%s:%n%s", pod.from().title(), pod.file()).isEmpty();
              assertThatCode(() -> bind(pod)).as(pod.from().title()).doesNotThrowAnyException();
            });
  }

  @Test
  void shouldFindAMisspeltKey() {
    // given
    RolePod pod = routers();

    for (String typo : List.of("router.polcy: argmax", "kafka.security.protocoll: SSL")) {
      // when
      RolePod broken = new RolePod(pod.from(), pod.container(), pod.file() + "\n" + typo + "\n");

      // then
      assertThat(problems(broken))
          .as(typo)
          .anySatisfy(problem -> assertThat(problem).contains(typo.replaceFirst(":.*", "")));
    }
  }

  @Test
  void shouldFindAMisspeltVariable() {
    // given
    RolePod pod = routers();
    ObjectNode container = pod.container().deepCopy();
    container.withArray("env").addObject().put("name", "TURNOUT_ROUTER_POLCY").put("value", "x");

    // then
    assertThat(problems(new RolePod(pod.from(), container, pod.file()))).isNotEmpty();
  }

  @Test
  void shouldRunCommandsOfTheProgram() {
    Set<String> commands = new TreeSet<>();
    for (RolePod pod : RolePod.all()) {
      commands.add(pod.command());
      assertThatCode(() -> Turnout.commandLine().parseArgs(arguments(pod)))
          .as(pod.from().title())
          .doesNotThrowAnyException();
    }

    // and every role has its pods
    assertThat(commands).contains("router", "learner", "worker", "grader", "gateway");
    assertThatThrownBy(() -> Turnout.commandLine().parseArgs("router", "--confg", "x"))
        .hasMessageContaining("--confg");
  }

  private static String[] arguments(RolePod pod) {
    return pod.arguments().toArray(String[]::new);
  }

  private static RolePod routers() {
    return RolePod.all().stream()
        .filter(pod -> pod.command().equals("router"))
        .findFirst()
        .orElseThrow();
  }

  /** What the program finds wrong, and what it would pass on to others who ignore it. */
  private static List<String> problems(RolePod pod) {
    SettingValues values = pod.settings();
    Set<String> problems =
        values.problems().stream()
            .map(Object::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> kafka = new TreeSet<>(ConsumerConfig.configNames());
    kafka.addAll(ProducerConfig.configNames());
    kafka.addAll(AdminClientConfig.configNames());
    for (String line : pod.file().lines().toList()) {
      String key = line.replaceFirst(":.*", "");
      if (key.startsWith("kafka.") && !kafka.contains(key.substring("kafka.".length()))) {
        problems.add(key + ": no client of Kafka knows it");
      }
      if (key.startsWith("registry.") && !REGISTRY.contains(key.substring("registry.".length()))) {
        problems.add(key + ": no serialiser knows it");
      }
    }
    Set<String> variables =
        Configuration.settings().stream()
            .map(Setting::environmentVariable)
            .collect(Collectors.toCollection(TreeSet::new));
    kafka.forEach(key -> variables.add(variable("kafka." + key)));
    REGISTRY.forEach(key -> variables.add(variable("registry." + key)));
    pod.environment().keySet().stream()
        .filter(name -> name.startsWith("TURNOUT_") && !variables.contains(name))
        .forEach(name -> problems.add(name + ": no setting has it"));
    return List.copyOf(problems);
  }

  private static String variable(String key) {
    return Setting.ENVIRONMENT_PREFIX + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
  }

  private static Object bind(RolePod pod) {
    SettingValues values = pod.settings();
    return switch (pod.command()) {
      case "router" -> RouterSettings.from(values, "");
      case "learner" -> LearnerSettings.from(values);
      case "worker" -> List.of(WorkerSettings.from(values), WorkerSettings.endpoint(values));
      case "grader" -> GraderSettings.from(values);
      case "gateway" -> GatewaySettings.from(values);
      case "console" -> ConsoleSettings.from(values);
      default -> values;
    };
  }
}
