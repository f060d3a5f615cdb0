package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.Turnout;
import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.role.Health;
import dev.turnout.app.role.ProbeServer;
import dev.turnout.config.SettingValues;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.gateway.GatewaySettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RenderedPortsTest {

  /** What the program serves for others than clients. */
  private static final Set<String> SERVED = Set.of("/startupz", "/healthz", "/readyz", "/metrics");

  @Test
  void shouldProbeWhatTheProgramServes() throws Exception {
    // given
    Set<String> asked = new TreeSet<>();
    for (RolePod pod : RolePod.all()) {
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        JsonNode get = pod.container().path(probe).path("httpGet");
        if (pod.from().kind().equals("Job")) {
          assertThat(get.isMissingNode()).as(pod.from().title()).isTrue();
        } else {
          assertThat(get.path("port").asText()).as(pod.from().title()).isEqualTo("metrics");
          asked.add(get.path("path").asText());
        }
      }
    }
    Manifest.all().stream()
        .filter(object -> object.kind().equals("PodMonitor"))
        .forEach(
            monitor ->
                monitor
                    .spec()
                    .path("podMetricsEndpoints")
                    .forEach(
                        endpoint -> {
                          assertThat(endpoint.path("port").asText()).isEqualTo("metrics");
                          asked.add(endpoint.path("path").asText());
                        }));

    // then each is asked for by someone, and served
    assertThat(asked).isEqualTo(new TreeSet<>(SERVED));
    try (ProbeServer server =
        ProbeServer.start(
            new MetricsSettings("localhost", 0),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Health::good)) {
      for (String path : asked) {
        assertThat(status(server.port(), path)).as(path).isEqualTo(200);
      }
      assertThat(status(server.port(), "/healthy")).as("a misspelt path").isEqualTo(404);
    }
  }

  private static int status(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void shouldNameThePortsThatTheProgramListensOn() {
    for (RolePod pod : RolePod.all()) {
      if (pod.from().kind().equals("Job")) {
        continue;
      }
      Map<String, Integer> listens = new TreeMap<>();
      SettingValues values = pod.settings();
      listens.put("metrics", MetricsSettings.from(values).port());
      assertThat(MetricsSettings.from(values).host()).isEqualTo("0.0.0.0");
      switch (pod.command()) {
        case "console" -> listens.put("http", ConsoleSettings.from(values).port());
        case "gateway" -> listens.put("http", GatewaySettings.from(values).port());
        case "broker" -> listens.put("kafka", option(pod, "--port"));
        case "registry", "simulate-llm" -> listens.put("http", option(pod, "--port"));
        default -> {}
      }
      assertThat(pod.ports()).as(pod.from().title()).isEqualTo(listens);
    }
  }

  private static int option(RolePod pod, String name) {
    CommandLine.ParseResult command =
        Turnout.commandLine().parseArgs(pod.arguments().toArray(String[]::new)).subcommand();
    return command.matchedOptionValue(name, 0);
  }

  @Test
  void shouldLeadEveryServiceToAPort() {
    for (String overlay : HelmChart.NAMES) {
      List<Manifest> objects = Manifest.ofOverlay(overlay);
      for (Manifest service : objects) {
        if (!service.kind().equals("Service")) {
          continue;
        }
        Manifest behind = behind(service, objects);
        Set<String> ports = new HashSet<>();
        behind
            .containers()
            .forEach(
                container ->
                    container.path("ports").forEach(port -> ports.add(port.path("name").asText())));
        service
            .spec()
            .path("ports")
            .forEach(
                port ->
                    assertThat(ports)
                        .as(service.title())
                        .contains(port.path("targetPort").asText()));
      }
    }
  }

  private static Manifest behind(Manifest service, List<Manifest> objects) {
    Map<String, String> selector = Manifest.texts(service.spec().path("selector"));
    List<Manifest> found =
        objects.stream()
            .filter(
                object ->
                    object
                        .podTemplate()
                        .map(pod -> Manifest.texts(pod.path("metadata").path("labels")))
                        .filter(labels -> labels.entrySet().containsAll(selector.entrySet()))
                        .isPresent())
            .toList();
    assertThat(found).as(service.title()).hasSize(1);
    return found.get(0);
  }

  @Test
  void shouldSelectItsOwnPodsAlone() {
    for (String overlay : HelmChart.NAMES) {
      List<Manifest> objects = Manifest.ofOverlay(overlay);
      for (Manifest object : objects) {
        JsonNode selector = object.spec().path("selector").path("matchLabels");
        if (object.podTemplate().isPresent() && !object.kind().equals("Job")) {
          Map<String, String> wanted = Manifest.texts(selector);
          List<String> selected =
              objects.stream()
                  .filter(
                      other ->
                          other
                              .podTemplate()
                              .map(pod -> Manifest.texts(pod.path("metadata").path("labels")))
                              .filter(labels -> labels.entrySet().containsAll(wanted.entrySet()))
                              .isPresent())
                  .map(Manifest::title)
                  .toList();
          assertThat(selected).containsExactly(object.title());
        }
      }
    }
  }
}
