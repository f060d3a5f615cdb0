package dev.turnout.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.turnout.telemetry.MetricCatalogue;
import dev.turnout.telemetry.MetricSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts, dashboards, runbooks and the documentation name what the roles expose. */
class ObservabilityTest {
  private static final Path ROOT = Path.of("..");
  private static final Path CHART = ROOT.resolve("k8s/chart/turnout");
  private static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");
  private static final Pattern NAME =
      Pattern.compile("\\bturnout_[a-z0-9_]+|\\bturnout:[a-z0-9_:]+");
  private static final Pattern REGISTERED =
      Pattern.compile(
          "(?:counter|timer|summary|gauge|builder|tagged)\\(\\s*(?:registry,\\s*)?\"(turnout\\.[a-z.]+)\"");

  private record Query(String where, String expression) {}

  @Test
  void shouldStandInTheDocumentation() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/observability.md")))
        .as("docs/observability.md ends with what MetricCatalogue.markdown() gives")
        .endsWith(MetricCatalogue.markdown());
  }

  @Test
  void shouldDeclareWhatTheSourcesRegister() throws IOException {
    // given: names as Micrometer takes them
    Set<String> declared =
        MetricCatalogue.METRICS.stream()
            .map(ObservabilityTest::meterName)
            .collect(Collectors.toCollection(TreeSet::new));
    // one name is put together
    declared.removeIf(name -> name.startsWith("turnout.budget.") && !name.endsWith("refused"));

    // when
    Set<String> registered = new TreeSet<>();
    for (String module : List.of("connectors", "topology", "app")) {
      for (Path file : files(ROOT.resolve(module + "/src/main/java"), ".java")) {
        Matcher meter = REGISTERED.matcher(Files.readString(file));
        while (meter.find()) {
          registered.add(meter.group(1));
        }
      }
    }
    registered.remove("turnout.budget.");

    // then
    assertThat(registered).isEqualTo(declared);
  }

  private static String meterName(MetricSpec metric) {
    return metric.name().replaceFirst("_total$|_seconds$", "").replace('_', '.');
  }

  @Test
  void shouldQueryNothingThatIsNotExposed() throws IOException {
    // given
    Set<String> known = new TreeSet<>(MetricCatalogue.series());
    List<Query> queries = new ArrayList<>();
    for (JsonNode rule : rules()) {
      if (rule.has("record")) {
        known.add(rule.path("record").asText());
      }
      queries.add(new Query(rule.toString(), rule.path("expr").asText()));
    }
    for (Path file : files(CHART.resolve("dashboards"), ".json")) {
      List<JsonNode> expressions = new ObjectMapper().readTree(file.toFile()).findValues("expr");
      assertThat(expressions).as("queries of %s", file).isNotEmpty();
      expressions.forEach(each -> queries.add(new Query(file.toString(), each.asText())));
    }

    // then
    for (Query query : queries) {
      List<String> names =
          NAME.matcher(query.expression()).results().map(each -> each.group()).toList();
      assertThat(names).as(query.where()).isNotEmpty();
      assertThat(known).as(query.where()).containsAll(names);
    }
  }

  @Test
  void shouldHaveAPageForEachAlertAndNoOther() throws IOException {
    Set<String> pages = new TreeSet<>();
    for (JsonNode rule : rules()) {
      if (rule.has("alert")) {
        String url = rule.at("/annotations/runbook_url").asText();
        assertThat(url).as(rule.toString()).startsWith("docs/runbooks/");
        String page = Files.readString(ROOT.resolve(url));
        assertThat(page)
            .as(url)
            .contains(rule.path("alert").asText(), "## How to see it", "## What to do");
        pages.add(url.substring(url.lastIndexOf('/') + 1));
      }
    }
    assertThat(files(RUNBOOKS, ".md").stream().map(file -> file.getFileName().toString()))
        .containsExactlyInAnyOrderElementsOf(pages);
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (Path file : files(CHART.resolve("alerts"), ".yaml")) {
      for (JsonNode group : new YAMLMapper().readTree(file.toFile()).path("groups")) {
        group.path("rules").forEach(rules::add);
      }
    }
    assertThat(rules).isNotEmpty();
    return rules;
  }

  private static List<Path> files(Path below, String ending) {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
