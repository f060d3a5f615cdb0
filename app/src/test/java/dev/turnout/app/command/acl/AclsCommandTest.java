package dev.turnout.app.command.acl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.turnout.access.Role;
import dev.turnout.app.Turnout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AclsCommandTest {

  private static final String CALL =
      "kafka-acls.sh --bootstrap-server localhost:9092 --command-config admin.properties --add"
          + " --allow-principal ";

  @TempDir Path dir;

  private record Run(int exitCode, String out, String err) {}

  private static Run acls(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("acls"));
    all.addAll(List.of(args));
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  @Test
  void shouldPrintCallsOfKafkasTool() {
    // when
    Run run = acls("--role", "grader", "--principal", "User:CN=grader,O=a b's");

    // then: ready for a shell
    String call = CALL + "'User:CN=grader,O=a b'\\''s'";
    assertThat(run.out().lines())
        .containsExactly(
            "# graders",
            call + " --operation Read --topic turnout.outcomes --resource-pattern-type literal",
            call + " --operation Write --topic turnout.feedback --resource-pattern-type literal",
            call + " --operation Write --topic turnout.dlq --resource-pattern-type literal",
            call + " --operation Read --group turnout.grader.judge --resource-pattern-type literal",
            call
                + " --operation Write --transactional-id turnout.grader.judge-start"
                + " --resource-pattern-type prefixed");
  }

  @Test
  void shouldFollowTheConfiguration() throws IOException {
    // given
    Path config =
        Files.writeString(
            dir.resolve("turnout.yaml"),
            """
            topics: {prefix: team-a, reply-to: "replies.app, inbox.*"}
            router: {application-id: routers}
            worker: {delivery: consumer-group}
            """);

    // then
    assertThat(acls("--role", "router", "--config", config.toString()).out())
        .contains("--topic team-a.queries", "--group routers ", "--group routers-budgets ")
        .contains("--topic routers-budgets- --resource-pattern-type prefixed")
        .contains("--transactional-id routers- --resource-pattern-type prefixed");
    assertThat(
            acls("--role", "worker", "--llm", "a/b", "--llm", "c", "--config", config.toString())
                .out())
        .contains("User:turnout-worker-a-b", "User:turnout-worker-c")
        .contains("--operation Read --group team-a.consumer-workers.a-b")
        .contains("--operation Describe --group team-a.workers.a-b")
        .contains("--topic replies.app --resource-pattern-type literal")
        .contains("--topic inbox. --resource-pattern-type prefixed")
        .doesNotContain("AlterConfigs");
  }

  @Test
  void shouldPrintStrimzisUsers() throws IOException {
    // when
    Run run =
        acls("--role", "all", "--format", "strimzi", "--cluster", "k", "--authentication", "tls");

    // then
    List<JsonNode> users = new ArrayList<>();
    YAMLMapper yaml = new YAMLMapper();
    yaml.readerFor(JsonNode.class).<JsonNode>readValues(run.out()).forEachRemaining(users::add);
    assertThat(users).hasSize(Role.values().length);
    JsonNode router = users.get(0);
    assertThat(router.at("/apiVersion").asText()).isEqualTo("kafka.strimzi.io/v1");
    assertThat(router.at("/kind").asText()).isEqualTo("KafkaUser");
    assertThat(router.at("/metadata/name").asText()).isEqualTo("turnout-router");
    assertThat(router.at("/metadata/labels").get("strimzi.io/cluster").asText()).isEqualTo("k");
    assertThat(router.at("/spec/authentication/type").asText()).isEqualTo("tls");
    assertThat(router.at("/spec/authorization/type").asText()).isEqualTo("simple");
    JsonNode first = router.at("/spec/authorization/acls/0");
    assertThat(first.at("/resource/type").asText()).isEqualTo("topic");
    assertThat(first.at("/resource/name").asText()).isEqualTo("turnout.queries");
    assertThat(first.at("/resource/patternType").asText()).isEqualTo("literal");
    assertThat(first.at("/operations/0").asText()).isEqualTo("Read");
    assertThat(router.at("/spec/authorization/acls").toString())
        .contains("\"type\":\"transactionalId\"", "\"type\":\"group\"");
  }

  @Test
  void shouldSayWhatIsWrongWithItsOptions() {
    assertThat(acls("--role", "nobody").err()).contains("nobody", "router, learner", "all");
    assertThat(acls("--role", "all", "--principal", "User:x").err()).contains("one role");
    assertThat(acls("--role", "router", "--principal", "x").err()).contains("User:router");
    assertThat(acls().err()).contains("--role");
  }
}
