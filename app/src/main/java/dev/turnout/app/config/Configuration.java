package dev.turnout.app.config;

import dev.turnout.config.ConfigException;
import dev.turnout.config.ConfigProblem;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import dev.turnout.config.TelemetrySettings;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.grader.GraderSettings;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.RouterSettings;
import dev.turnout.worker.WorkerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The whole configuration of the program: every section there is, and how it is read. */
public final class Configuration {

  /** Every section, in the order in which they are documented. */
  public static final List<SettingGroup> SECTIONS =
      List.of(
          ConnectionSettings.KAFKA,
          ConnectionSettings.REGISTRY,
          ConnectionSettings.TOPICS,
          TelemetrySettings.KEYS,
          EncoderKeys.KEYS,
          RouterSettings.KEYS,
          LearnerSettings.KEYS,
          WorkerSettings.KEYS,
          GraderSettings.KEYS,
          GatewaySettings.KEYS,
          ConsoleSettings.KEYS,
          MetricsSettings.KEYS);

  /** What shows problems that lie between several settings. */
  private static final List<Consumer<SettingValues>> BINDINGS =
      List.of(EncoderKeys::from, values -> RouterSettings.from(values, ""), LearnerSettings::from);

  private Configuration() {}

  /** Every setting there is. */
  public static List<Setting<?>> settings() {
    return SECTIONS.stream().<Setting<?>>flatMap(group -> group.settings().stream()).toList();
  }

  /**
   * Reads the configuration and lists all that is wrong with it.
   *
   * @param file null for none
   * @param environment the process's environment variables
   * @param commandLine keys set on the command line, which win over all others
   * @return with the default in the place of every value that cannot be used
   */
  public static SettingValues check(
      @Nullable Path file, Map<String, String> environment, Map<String, String> commandLine) {
    ConfigFile contents = ConfigFile.none();
    List<ConfigProblem> unreadable = List.of();
    try {
      contents = file == null ? contents : ConfigFile.read(file);
    } catch (ConfigException e) {
      unreadable = e.problems();
    }
    SettingValues values = ConfigLayers.lay(contents, environment, commandLine);
    unreadable.forEach(problem -> values.add(problem.where(), problem.message()));
    settings().forEach(values::find);
    for (Consumer<SettingValues> binding : BINDINGS) {
      try {
        binding.accept(values);
      } catch (IllegalArgumentException e) {
        values.add("configuration", String.valueOf(e.getMessage()));
      }
    }
    return values;
  }

  /**
   * Reads the configuration.
   *
   * @throws ConfigException with every problem, if there is one
   */
  public static SettingValues read(
      @Nullable Path file, Map<String, String> environment, Map<String, String> commandLine) {
    SettingValues values = check(file, environment, commandLine);
    if (!values.problems().isEmpty()) {
      throw new ConfigException(values.problems());
    }
    return values;
  }

  /**
   * A configuration of the program's own, by key.
   *
   * @throws ConfigException if a key is unknown or a value is wrong
   */
  public static SettingValues of(Map<String, String> texts) {
    return read(null, Map.of(), texts);
  }
}
