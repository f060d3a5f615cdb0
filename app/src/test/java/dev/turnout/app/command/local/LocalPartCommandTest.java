package dev.turnout.app.command.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.app.Turnout;
import dev.turnout.local.broker.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LocalPartCommandTest {

  @TempDir Path folder;

  /** A command that runs until it is closed. */
  private static final class Running implements AutoCloseable {
    private final Thread thread;
    private final StringWriter error = new StringWriter();

    Running(String... arguments) {
      thread =
          new Thread(() -> Turnout.commandLine().setErr(new PrintWriter(error)).execute(arguments));
      thread.start();
    }

    @Override
    public void close() throws InterruptedException {
      thread.interrupt();
      thread.join(Duration.ofSeconds(60).toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private String[] arguments(String command, int port, int probes, String... further)
      throws IOException {
    Path config =
        Files.writeString(folder.resolve(command + ".yaml"), "metrics.port: " + probes + "\n");
    List<String> all =
        new ArrayList<>(
            List.of(command, "--port", Integer.toString(port), "--config", config.toString()));
    all.addAll(List.of(further));
    return all.toArray(String[]::new);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    while (true) {
      try {
        return HttpClient.newHttpClient()
            .send(request.build(), HttpResponse.BodyHandlers.ofString());
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private static void awaitReady(int probes) throws Exception {
    URI ready = URI.create("http://localhost:" + probes + "/readyz");
    while (send(HttpRequest.newBuilder(ready)).statusCode() != 200) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void shouldKeepSchemasOverARestart() throws Exception {
    // given
    int port = FreePort.find();
    int probes = FreePort.find();
    Path file = folder.resolve("schemas.json");
    String[] arguments = arguments("registry", port, probes, "--file", file.toString());
    URI versions = URI.create("http://localhost:" + port + "/subjects/a-value/versions");
    try (Running registry = new Running(arguments)) {
      awaitReady(probes);

      // when
      HttpResponse<String> registered =
          send(
              HttpRequest.newBuilder(versions)
                  .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"schema\": \"\\\"string\\\"\"}")));
      assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
    }

    // then
    try (Running again = new Running(arguments)) {
      awaitReady(probes);
      assertThat(send(HttpRequest.newBuilder(versions)).body()).isEqualTo("[1]");
    }
  }

  @Test
  void shouldAnswerUnderTheModelThatIsAskedFor() throws Exception {
    int port = FreePort.find();
    int probes = FreePort.find();
    try (Running llm = new Running(arguments("simulate-llm", port, probes, "--words", "5"))) {
      awaitReady(probes);
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + port + "/v1/chat/completions"))
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\": \"sage\", \"messages\": []}")));
      assertThat(answer.body()).contains("Simulated by sage word word");
    }
  }

  @Test
  void shouldReachABrokerWhereItIsAdvertised() throws Exception {
    // given
    int port = FreePort.find();
    int probes = FreePort.find();
    String address = "127.0.0.1:" + port;
    String data = folder.resolve("kafka").toString();
    try (Running broker =
        new Running(
            arguments(
                "broker",
                port,
                probes,
                "--host",
                "0.0.0.0",
                "--advertised",
                address,
                "--data",
                data))) {
      awaitReady(probes);

      // when
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + port))) {
        var nodes = admin.describeCluster().nodes().get(60, TimeUnit.SECONDS);

        // then
        assertThat(nodes)
            .singleElement()
            .satisfies(node -> assertThat(node.host() + ":" + node.port()).isEqualTo(address));
      }
    }
  }

  @Test
  void shouldRefuseAnAddressWithoutAPort() throws IOException {
    StringWriter error = new StringWriter();
    int code =
        Turnout.commandLine()
            .setErr(new PrintWriter(error))
            .execute(arguments("broker", 0, 0, "--advertised", "kafka"));
    assertThat(code).isEqualTo(1);
    assertThat(error.toString()).contains("advertised address is \"kafka\"; write HOST:PORT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker", "registry", "simulate-llm"})
  void shouldRefuseAPortThatIsNone(String part) throws IOException {
    StringWriter error = new StringWriter();
    int code =
        Turnout.commandLine().setErr(new PrintWriter(error)).execute(arguments(part, 99_999, 0));
    assertThat(code).isEqualTo(1);
    assertThat(error.toString()).contains("--port 99999 is no port; choose 1 to 65535");
  }
}
