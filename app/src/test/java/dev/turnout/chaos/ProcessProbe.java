package dev.turnout.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a role holds of the machine, as the system and the role's own metrics tell it. */
final class ProcessProbe {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Installation installation;

  ProcessProbe(Installation installation) {
    this.installation = installation;
  }

  /** Bytes of memory that the process holds. */
  double resident(ChildProcess role) throws IOException {
    return Files.readAllLines(of(role).resolve("status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
        .sum();
  }

  /** Files and sockets that the process has open. */
  long openFiles(ChildProcess role) throws IOException {
    try (Stream<Path> descriptors = Files.list(of(role).resolve("fd"))) {
      return descriptors.count();
    }
  }

  /** Bytes in use on its heap. */
  double heap(ChildProcess role) throws IOException, InterruptedException {
    return sum(
        role, line -> line.startsWith("jvm_memory_used_bytes") && line.contains("area=\"heap\""));
  }

  /** The sum of a role's metrics of a name, over all their tags. */
  double metric(ChildProcess role, String name) throws IOException, InterruptedException {
    return sum(role, line -> line.startsWith(name + "{") || line.startsWith(name + " "));
  }

  private double sum(ChildProcess role, Predicate<String> wanted)
      throws IOException, InterruptedException {
    URI metrics = URI.create(installation.probe(role.name()) + "/metrics");
    return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofLines())
        .body()
        .filter(wanted)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static Path of(ChildProcess role) {
    return Path.of("/proc", Long.toString(role.pid()));
  }
}
