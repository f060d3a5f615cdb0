package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartValuesTest {

  @Test
  void shouldBeExplainedInTheReadme() throws IOException {
    Path readme = HelmChart.FOLDER.resolve("README.md");
    if (OverlaysTest.WRITE) {
      Files.writeString(readme, ChartValues.readme());
    }
    assertThat(readme).as(OverlaysTest.REMEDY).hasContent(ChartValues.readme());
  }

  @Test
  void shouldAllBeFoundByTheReaderOfComments() {
    Set<String> leaves = new TreeSet<>();
    leaves("", ChartValues.tree(), leaves);
    Set<String> found =
        ChartValues.read().stream()
            .map(ChartValues.Value::path)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found).containsAll(leaves);
  }

  /** Paths down to values that stand in one line. */
  private static void leaves(String path, JsonNode node, Set<String> found) {
    boolean written = path.matches(".*(requests|limits)");
    if (node.isObject() && !node.isEmpty() && !written) {
      node.properties()
          .forEach(
              each ->
                  leaves(
                      path.isEmpty() ? each.getKey() : path + "." + each.getKey(),
                      each.getValue(),
                      found));
    } else {
      found.add(path);
    }
  }

  @Test
  void shouldAllStandInTheSchema() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(HelmChart.FOLDER.resolve("values.schema.json").toFile());
    Set<String> missing = new TreeSet<>();
    compare("", ChartValues.tree(), schema, schema, missing);
    assertThat(missing).isEmpty();

    // and settings may be of every section that the program has
    String names = schema.at("/$defs/settings/propertyNames/pattern").asText();
    assertThat(Configuration.SECTIONS)
        .allSatisfy(section -> assertThat(section.section() + ".key").matches(names));
    assertThat("routers.key").doesNotMatch(names);
  }

  private static void compare(
      String path, JsonNode values, JsonNode schema, JsonNode root, Set<String> missing) {
    JsonNode here =
        schema.has("$ref") ? root.at(schema.path("$ref").asText().substring(1)) : schema;
    if (!here.has("properties")) {
      return;
    }
    values
        .properties()
        .forEach(
            each -> {
              String name = path + "." + each.getKey();
              JsonNode next = here.path("properties").path(each.getKey());
              if (next.isMissingNode()) {
                missing.add(name);
              } else {
                compare(name, each.getValue(), next, root, missing);
              }
            });
    boolean shared = schema.has("$ref");
    here.path("properties")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!shared && !values.has(name) && !name.equals("global")) {
                missing.add(path + "." + name + " (in the schema alone)");
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "router: {replicaz: 3}",
        "router: {replicas: many}",
        "router: {settings: {polcy: argmax}}",
        "kafka: {mode: embedded}",
        "llms: [{id: x, urll: http://x}]",
        "graders: [{settings: {}}]",
        "worker: {resources: {limit: {memory: 1Gi}}}",
        "declared: {documents: [{kind: Lmm}]}",
        "gateway: {ingressPeers: [{podSelektor: {}}]}"
      })
  void shouldRefuseAMisspeltValue(String values) {
    assertThatThrownBy(() -> HelmChart.withValues("local", values))
        .hasMessageContaining("values don't meet the specifications of the schema");
  }

  @Test
  void shouldTakeImagesOfThisVersion() throws IOException {
    String pom = Files.readString(HelmChart.MODULE.resolve("pom.xml"));
    String version = pom.replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");
    assertThat(HelmChart.FOLDER.resolve("Chart.yaml")).content().contains("appVersion: " + version);
  }

  @Test
  void shouldSayWhereAnLlmWithoutAddressFails() {
    assertThatThrownBy(
            () ->
                HelmChart.withValues(
                    "production-cpu", "llms: [{id: lost}]\nsimulatedLlm: {enabled: false}"))
        .hasMessageContaining("llms: lost has neither url nor vllm; say where it answers");
  }

  @Test
  void shouldRefuseLlmsWhoseObjectsWouldHaveOneName() {
    assertThatThrownBy(() -> HelmChart.withValues("local", "llms: [{id: a/b}, {id: a.b}]"))
        .hasMessageContaining("llms: the objects of a.b would have the name of another's");
  }
}
