package dev.turnout.app.command.local;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.Verbosity;
import dev.turnout.app.role.Health;
import dev.turnout.app.role.RoleProcess;
import dev.turnout.app.role.RunningRole;
import dev.turnout.config.ListenAddress;
import dev.turnout.config.SettingValues;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Runs a server of a try-out installation until it is asked to stop, with a role's probes. */
abstract class LocalPartCommand implements Callable<Integer> {

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Address to listen on; 0.0.0.0 lets other machines in, and nobody is asked who they are."
              + " Default: ${DEFAULT-VALUE}.")
  private String host = ListenAddress.LOOPBACK;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML or properties file, for metrics.host and metrics.port.")
  private @Nullable Path config;

  private final String name;

  /**
   * @param name in logs and messages
   */
  LocalPartCommand(String name) {
    this.name = name;
  }

  /** A port to listen on, if it is one. */
  static int requirePort(int port) {
    if (port < 0 || port > 65_535) {
      throw new CommandFailure(
          "--port " + port + " is no port; choose 1 to 65535, or 0 for a free one");
    }
    return port;
  }

  /** Starts listening on the host. */
  abstract AutoCloseable start(String host);

  @Override
  public Integer call() throws InterruptedException {
    Verbosity.tellOurs(); // a server tells what it does, a command of one answer does not
    SettingValues values = Configuration.read(config, System.getenv(), Map.of());
    new ListenAddress("--host", host).warnIfOpen(name, "keep strangers away by a network policy");
    RoleProcess.run(
        name, MetricsSettings.from(values), (metrics, startup) -> new Running(start(host)));
    return 0;
  }

  /** A server that does its work from start to close. */
  private record Running(AutoCloseable server) implements RunningRole {
    @Override
    public Health health() {
      return Health.good();
    }

    @Override
    public void close() {
      try {
        server.close();
      } catch (Exception failed) {
        throw new IllegalStateException("a server did not close", failed);
      }
    }
  }
}
