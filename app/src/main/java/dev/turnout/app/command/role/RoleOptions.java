package dev.turnout.app.command.role;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.Verbosity;
import dev.turnout.config.SettingValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every role. */
final class RoleOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "YAML or properties file; environment variables (TURNOUT_...) win over it."
              + " turnout check --example prints one.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One key, winning over file and environment; repeatable.")
  private Map<String, String> overrides = new HashMap<>();

  /** Reads the configuration; from here on the role tells what it does. */
  SettingValues read() {
    Verbosity.tellOurs();
    return Configuration.read(config, System.getenv(), overrides);
  }
}
