package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenderedMetricsTest {

  private static final ProgramMetrics METRICS = ProgramMetrics.read();

  /** Of Prometheus itself, of Kubernetes' metrics and of the kubelet. */
  private static final List<String> OTHERS =
      List.of("up", "ALERTS", "kube_", "container_", "kafka_");

  /** Expressions by the place where they stand. */
  private static Map<String, String> expressions() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (Manifest object : Manifest.all()) {
      switch (object.kind()) {
        case "PrometheusRule" -> collect(object.title(), object.tree(), found);
        case "ScaledObject" ->
            object
                .spec()
                .path("triggers")
                .findValues("query")
                .forEach(query -> found.put(object.title(), query.asText()));
        case "HorizontalPodAutoscaler" ->
            object
                .spec()
                .path("metrics")
                .forEach(
                    metric ->
                        found.put(
                            object.title(),
                            metric.path("pods").path("metric").path("name").asText()));
        case "ConfigMap" -> {
          for (JsonNode file : object.tree().path("data")) {
            if (object.name().contains("-dashboard-")) {
              collect(object.title(), new ObjectMapper().readTree(file.asText()), found);
            }
          }
        }
        default -> {}
      }
    }
    return found;
  }

  private static void collect(String where, JsonNode tree, Map<String, String> found) {
    if (tree.path("expr").isTextual()) {
      String title = tree.path("alert").asText(tree.path("record").asText());
      found.put(where + " " + title + " " + found.size(), tree.path("expr").asText());
    }
    tree.forEach(child -> collect(where, child, found));
  }

  /** Series that rules record, which other rules ask for. */
  private static Set<String> recorded() {
    return Manifest.all().stream()
        .filter(object -> object.kind().equals("PrometheusRule"))
        .flatMap(object -> object.tree().findValuesAsText("record").stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isKnown(String series, Set<String> recorded, String jvm) {
    return METRICS.has(series)
        || recorded.contains(series)
        || jvm.contains("\n" + series + "{")
        || jvm.contains("\n" + series + " ")
        || OTHERS.stream().anyMatch(series::startsWith);
  }

  @Test
  void shouldAskForMetricsThatTheProgramHas() throws IOException {
    Set<String> recorded = recorded();
    String jvm = jvm();
    Map<String, String> expressions = expressions();
    assertThat(expressions).isNotEmpty();
    expressions.forEach(
        (where, text) -> {
          PromQl expression = new PromQl(text);
          assertThat(expression.problem()).as(where).isEmpty();
          assertThat(expression.series())
              .as("%s: %s", where, text)
              .isNotEmpty()
              .allMatch(series -> isKnown(series, recorded, jvm));
        });
  }

  /** What every role exposes of its process. */
  private static String jvm() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    try (JvmGcMetrics collections = new JvmGcMetrics()) {
      collections.bindTo(registry);
      return "\n" + registry.scrape() + "\njvm_gc_pause_seconds_sum \njvm_gc_pause_seconds_count ";
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "turnout_gateway_activ",
        "turnout_worker_redeliveries",
        "turnout_stage_count",
        "turnout_dlq_x"
      })
  void shouldFindAMetricThatThereIsNot(String series) {
    assertThat(METRICS.size()).isGreaterThan(20);
    assertThat(METRICS.has(series)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum(rate(turnout_routed_total[5m])",
        "sum(rte(turnout_routed_total[5m]))",
        "rate(turnout_routed_total[5minutes])",
        "turnout_routed_total{llm=\"x}",
        "sum by (llm) (turnout_routed_total))"
      })
  void shouldFindABrokenExpression(String text) {
    assertThat(new PromQl(text).problem()).isPresent();
  }

  @Test
  void shouldSeeTheSeriesOfAnExpression() {
    PromQl expression =
        new PromQl(
            "histogram_quantile(0.99, sum by (le, stage) (rate(turnout_stage_seconds_bucket"
                + "{stage=~\"$stage\"}[$__rate_interval]))) > 1.5 and on (llm) up == 1");
    assertThat(expression.problem()).isEmpty();
    assertThat(expression.series()).containsExactly("turnout_stage_seconds_bucket", "up");
  }

  @Test
  void shouldHaveARunbookForEveryAlertAndAnAlertForEveryRunbook() throws IOException {
    Set<String> alerts = new TreeSet<>();
    for (Manifest object : Manifest.all()) {
      if (object.kind().equals("PrometheusRule")) {
        alerts.addAll(object.tree().findValuesAsText("alert"));
      }
    }
    List<String> pages = new ArrayList<>();
    Path folder = HelmChart.MODULE.resolveSibling("docs").resolve("runbooks");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString().replace(".md", ""))
            .filter(page -> !page.equals("README"))
            .forEach(pages::add);
      }
    }
    assertThat(pages).containsExactlyInAnyOrderElementsOf(alerts);
  }
}
