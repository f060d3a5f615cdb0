package dev.turnout.chaos;

import dev.turnout.local.broker.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The schema registry, which may be away for a while: Turnout's own, which is killed, or a real
 * Apicurio, which keeps its schemas in memory and so is stopped.
 */
final class RegistryProcess implements AutoCloseable {
  private static final Path UNPACKED = Path.of("..", "connectors", "target", "apicurio");

  private final ChildProcess process;
  private final String url;
  private final boolean forgetful;

  private RegistryProcess(ChildProcess process, String url, boolean forgetful) {
    this.process = process;
    this.url = url;
    this.forgetful = forgetful;
  }

  /**
   * Starts one, without waiting for it.
   *
   * @param directory for its log and its schemas
   * @param apicurio whether Apicurio is wanted; where the build has not unpacked it, ours is taken
   *     and a line says so
   */
  static RegistryProcess start(Path directory, boolean apicurio) throws IOException {
    Optional<Path> jar = apicurio ? jar() : Optional.empty();
    if (apicurio && jar.isEmpty()) {
      System.out.println(
          "skipped: no Apicurio in " + UNPACKED + "; Turnout's own registry is used");
    }
    int port = FreePort.find();
    RegistryProcess registry =
        jar.isPresent()
            ? new RegistryProcess(
                ChildProcess.ofJar(
                    "registry",
                    ChildProcess.Jvm.quick("512m"),
                    directory,
                    jar.get(),
                    quarkus(port)),
                "http://localhost:" + port + "/apis/ccompat/v7",
                true)
            : new RegistryProcess(
                ChildProcess.of(
                    "registry",
                    ChildProcess.Jvm.quick("128m"),
                    directory,
                    Map.of(),
                    RegistryServer.class.getName(),
                    Integer.toString(port),
                    directory.resolve("schemas.json").toString()),
                "http://localhost:" + port,
                false);
    registry.process.start();
    return registry;
  }

  private static String[] quarkus(int port) {
    return new String[] {"-Dquarkus.http.host=localhost", "-Dquarkus.http.port=" + port};
  }

  private static Optional<Path> jar() throws IOException {
    if (!Files.isDirectory(UNPACKED)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(UNPACKED, 2)) {
      return files
          .filter(file -> file.toString().endsWith("-runner.jar"))
          .map(file -> file.toAbsolutePath().normalize())
          .findFirst();
    }
  }

  String url() {
    return url;
  }

  /** From now on it does not answer. */
  void goAway() {
    if (forgetful) {
      process.pause();
    } else {
      process.kill();
    }
  }

  /** It answers again soon. */
  void comeBack() {
    if (forgetful) {
      process.resume();
    } else {
      process.start();
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
