package dev.turnout.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.local.broker.FreePort;
import dev.turnout.topic.GroupNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A stock worker of Kafka Connect, in distributed mode, as a process of its own. */
final class WorkerProcess implements AutoCloseable {
  private static final Path LIBRARIES = Path.of("..", "connect-worker", "target", "lib");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final String url;
  private final Process process;

  private WorkerProcess(Path folder, String url, Process process) {
    this.folder = folder;
    this.url = url;
    this.process = process;
  }

  /** Where the build has laid the worker out, if it has. */
  static Optional<Path> libraries() {
    return Files.isDirectory(LIBRARIES)
        ? Optional.of(LIBRARIES.toAbsolutePath())
        : Optional.empty();
  }

  /**
   * Starts a worker of the group, and does not wait until it answers.
   *
   * @param folder its own
   * @param plugins the folder that holds the plugins' folders
   */
  static WorkerProcess start(Path folder, Path plugins, String bootstrap, String registry)
      throws IOException {
    String url = "http://localhost:" + FreePort.find();
    Path properties = folder.resolve("worker.properties");
    Files.writeString(
        properties,
        Map.ofEntries(
                Map.entry("bootstrap.servers", bootstrap),
                Map.entry("group.id", GroupNames.CONNECT_WORKERS),
                Map.entry("listeners", url),
                Map.entry("plugin.path", plugins.toString()),
                Map.entry("plugin.discovery", "service_load"),
                Map.entry("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
                Map.entry("value.converter", "dev.turnout.connect.convert.TurnoutAvroConverter"),
                Map.entry("value.converter.schema.registry.url", registry),
                Map.entry("exactly.once.source.support", "enabled"),
                Map.entry("config.storage.topic", "connect-configs"),
                Map.entry("offset.storage.topic", GroupNames.CONNECT_OFFSETS),
                Map.entry("status.storage.topic", "connect-status"),
                Map.entry("config.storage.replication.factor", "1"),
                Map.entry("offset.storage.replication.factor", "1"),
                Map.entry("status.storage.replication.factor", "1"),
                Map.entry("offset.storage.partitions", "1"),
                Map.entry("status.storage.partitions", "1"),
                Map.entry("offset.flush.interval.ms", "500"),
                // a worker that was killed is missed soon
                Map.entry("session.timeout.ms", "6000"),
                Map.entry("heartbeat.interval.ms", "1500"),
                Map.entry("consumer.session.timeout.ms", "6000"),
                Map.entry("consumer.isolation.level", "read_committed"),
                Map.entry("scheduled.rebalance.max.delay.ms", "0"))
            .entrySet()
            .stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("\n")));
    return new WorkerProcess(folder, url, launch(folder, properties));
  }

  private static Process launch(Path folder, Path properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(folder + ":" + LIBRARIES.toAbsolutePath() + "/*");
    command.add("org.apache.kafka.connect.cli.ConnectDistributed");
    command.add(properties.toString());
    Files.writeString(
        folder.resolve("logback.xml"),
        "<configuration><appender name='A' class='ch.qos.logback.core.ConsoleAppender'><encoder>"
            + "<pattern>%d %level %logger{0} %msg%n</pattern></encoder></appender>"
            + "<root level='WARN'><appender-ref ref='A'/></root></configuration>");
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("worker.log").toFile()))
        .start();
  }

  /** Kills it as a lost machine would be. */
  void kill() throws InterruptedException {
    int unusedCode = process.destroyForcibly().waitFor();
  }

  /** What its group calls it. */
  String id() {
    return url.substring("http://".length());
  }

  /** Creates a connector, or changes it, once the worker takes requests. */
  void configure(String name, Map<String, String> config) throws InterruptedException {
    JsonNode answer =
        awaitAnswer("PUT", "/connectors/" + name + "/config", JSON.valueToTree(config));
    if (!answer.path("name").asText().equals(name)) {
      throw new AssertionError("connector " + name + " was refused: " + answer);
    }
  }

  /** What the worker thinks of a configuration: errors by key. */
  Map<String, String> errors(String connector, Map<String, String> config)
      throws InterruptedException {
    JsonNode answer =
        awaitAnswer(
            "PUT",
            "/connector-plugins/" + connector + "/config/validate",
            JSON.valueToTree(config));
    return answer.path("configs").findValues("value").stream()
        .filter(value -> value.path("errors").size() > 0)
        .collect(
            Collectors.toMap(
                value -> value.path("name").asText(),
                value -> value.path("errors").path(0).asText()));
  }

  /** The state of a connector and its tasks. */
  JsonNode status(String name) throws InterruptedException {
    return awaitAnswer("GET", "/connectors/" + name + "/status", null);
  }

  /** Restarts the tasks of a connector that failed. */
  void restart(String name) throws InterruptedException {
    JsonNode unusedAnswer =
        awaitAnswer(
            "POST", "/connectors/" + name + "/restart?includeTasks=true&onlyFailed=true", null);
  }

  /** Asks until the worker answers; while it starts or its group settles it does not. */
  private JsonNode awaitAnswer(String method, String path, @Nullable JsonNode body)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
            .build();
    while (process.isAlive() && Instant.now().isBefore(deadline)) {
      try {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() < 300 || answer.statusCode() == 400) {
          return JSON.readTree(answer.body());
        }
      } catch (IOException notYet) {
        // the port opens some seconds after the process starts
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the worker did not answer " + path + "\n" + log());
  }

  String log() {
    try {
      return Files.readString(folder.resolve("worker.log"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
