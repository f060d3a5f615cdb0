package dev.turnout.k8s;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.app.Turnout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the overlays declare, given to the command that the Job runs. */
class DeclaredDocumentsTest {

  @TempDir static Path folder;

  private static Path secret = Path.of("");

  @BeforeAll
  static void writeSecret() throws IOException {
    secret = Files.writeString(folder.resolve("secret"), "a-secret-that-nobody-could-guess-ever");
  }

  /** Documents of all overlays by kind and name, with a secret that is there. */
  private static Map<String, ObjectNode> documents() {
    Map<String, ObjectNode> documents = new TreeMap<>();
    for (Manifest object : Manifest.all()) {
      JsonNode text = object.tree().path("data").path("declared.yaml");
      for (Manifest document : Manifest.read(object.title(), text.asText())) {
        ObjectNode fields = document.tree();
        if (fields.has("secret")) {
          fields.putObject("secret").put("file", secret.toString());
        }
        String name = fields.path("id").asText(fields.path("tenant").asText());
        documents.put(document.kind() + " " + name, fields);
      }
    }
    return documents;
  }

  /** What the command says, where there is no broker to ask. */
  private static String apply(Iterable<ObjectNode> documents) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ObjectNode document : documents) {
      text.append(Manifest.YAML.writeValueAsString(document));
    }
    Path file = Files.writeString(folder.resolve("declared.yaml"), text);
    StringWriter error = new StringWriter();
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(error))
            .execute(
                "apply",
                "--dry-run",
                "-f",
                file.toString(),
                "--bootstrap",
                "localhost:1",
                "--registry",
                "http://localhost:1");
    assertThat(code).isEqualTo(1);
    return error.toString();
  }

  /** Kubernetes refuses to change the pod of a Job that is there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "javaOptions: -Xss1m",
        "jobs: {resources: {limits: {memory: 512Mi}}}",
        "imagePullSecrets: [registry]",
        "settings: {kafka.client.rack: eu-1}"
      })
  void shouldBeAppliedByJobsOfOtherNamesWhereverTheirPodsDiffer(String values) {
    Map<String, JsonNode> before = jobs("");
    Map<String, JsonNode> after = jobs(values);

    assertThat(after)
        .hasSameSizeAs(before)
        .doesNotContainKeys(before.keySet().toArray(String[]::new));
    assertThat(jobs("")).isEqualTo(before);
  }

  private static Map<String, JsonNode> jobs(String values) {
    Map<String, JsonNode> jobs = new TreeMap<>();
    for (Manifest object : Manifest.read("chart", HelmChart.withValues("local", values))) {
      if (object.kind().equals("Job")) {
        jobs.put(object.tree().at("/metadata/name").asText(), object.tree());
      }
    }
    assertThat(jobs).hasSize(2);
    return jobs;
  }

  @Test
  void shouldBeReadWithoutAProblem() throws IOException {
    Map<String, ObjectNode> documents = documents();
    assertThat(documents.keySet())
        .contains("Llm swift", "Llm gpt-5", "Tenant acme", "Key local", "Key acme");
    assertThat(apply(documents.values())).contains("no Kafka broker answers at localhost:1");
  }

  /** A key may nothing that is not declared; one that may nothing at all opens no door. */
  @Test
  void shouldDeclareNoKeyThatMayNothing() {
    Map<String, ObjectNode> documents = documents();
    documents.keySet().removeIf(name -> !name.startsWith("Key "));
    assertThat(documents.values())
        .isNotEmpty()
        .allMatch(
            key ->
                Stream.of("ask", "decide", "administer", "graders", "read_tenants")
                    .anyMatch(key::hasNonNull));
  }

  @Test
  void shouldBeRefusedWithAMisspeltField() throws IOException {
    Map<String, ObjectNode> documents = documents();
    requireNonNull(documents.get("Llm swift")).put("context_windw", 1);
    assertThat(apply(documents.values())).contains("context_windw: nobody knows this field");
  }
}
