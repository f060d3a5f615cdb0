package dev.turnout.registry.apicurio;

import dev.turnout.local.broker.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Apicurio Registry, in memory, as a process of its own. */
final class ApicurioProcess implements AutoCloseable {

  private static final Path UNPACKED = Path.of("target", "apicurio");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final int port;

  private ApicurioProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The runner's jar, if the build has unpacked it. */
  static Optional<Path> jar() throws IOException {
    if (!Files.isDirectory(UNPACKED)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(UNPACKED, 2)) {
      return files.filter(file -> file.toString().endsWith("-runner.jar")).findFirst();
    }
  }

  static ApicurioProcess start(Path jar, Path directory) throws IOException, InterruptedException {
    Path log = directory.resolve("apicurio.log");
    int port = FreePort.find();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-Xmx512m",
                "-Dquarkus.http.host=localhost",
                "-Dquarkus.http.port=" + port,
                "-jar",
                jar.toAbsolutePath().toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    ApicurioProcess started = new ApicurioProcess(process, port);
    try {
      started.awaitAnswer(log);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      started.close();
      throw failed;
    }
    return started;
  }

  String url() {
    return "http://localhost:" + port + "/apis/ccompat/v7";
  }

  private void awaitAnswer(Path log) throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects")).build();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (process.isAlive() && Instant.now().isBefore(deadline)) {
      try {
        if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // the port opens some seconds after the process starts
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("Apicurio Registry did not start:\n" + Files.readString(log));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
