package dev.turnout.app.command.role;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.console.Verbosity;
import dev.turnout.app.role.RoleProcess;
import dev.turnout.app.role.RoleStarter;
import dev.turnout.config.SettingValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Runs a role until it is asked to stop. */
abstract class RoleCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "YAML or properties file; environment variables (TURNOUT_...) win over it."
              + " turnout check --example prints one.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      scope = ScopeType.INHERIT,
      paramLabel = "KEY=VALUE",
      description = "One key, winning over file and environment; repeatable.")
  private Map<String, String> overrides = new HashMap<>();

  /** Apart from the others, since picocli makes that map anew. */
  private final Map<String, String> shortcuts = new HashMap<>();

  private final String name;
  private final RoleStarter starter;

  /**
   * A command for a role.
   *
   * @param name in logs and messages
   */
  RoleCommand(String name, RoleStarter starter) {
    this.name = name;
    this.starter = starter;
  }

  /** Sets a key as {@code --set} does, which wins over it. */
  final void set(String key, String value) {
    shortcuts.put(key, value);
  }

  /** The configuration with what the command line sets. */
  final SettingValues values() {
    Map<String, String> all = new HashMap<>(shortcuts);
    all.putAll(overrides);
    return Configuration.read(file, System.getenv(), all);
  }

  @Override
  public Integer call() throws InterruptedException {
    Verbosity.tellOurs(); // a role tells what it does, a command of one answer does not
    SettingValues values = values();
    RoleProcess.run(
        name,
        MetricsSettings.from(values),
        (metrics, startup) -> starter.start(values, metrics, startup));
    return 0;
  }
}
