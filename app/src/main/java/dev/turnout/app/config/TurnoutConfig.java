package dev.turnout.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole configuration of one process; each role uses its sections. */
public record TurnoutConfig(
    KafkaConfig kafka,
    RegistryConfig registry,
    TopicsConfig topics,
    EncoderConfig encoder,
    RouterConfig router,
    LearnerConfig learner,
    WorkerConfig worker,
    GraderConfig grader,
    GatewayConfig gateway,
    MetricsConfig metrics) {

  /**
   * A configuration and what is wrong with it.
   *
   * @param config with the default in the place of every value that cannot be used
   * @param problems empty when all is well
   */
  public record Checked(TurnoutConfig config, List<ConfigProblem> problems) {
    public Checked {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads the configuration and lists all that is wrong with it.
   *
   * @param file null for none
   * @param environment the process's environment variables
   * @param commandLine keys set on the command line, which win over all others
   */
  public static Checked check(
      @Nullable Path file, Map<String, String> environment, Map<String, String> commandLine) {
    ConfigFile contents;
    try {
      contents = file == null ? ConfigFile.none() : ConfigFile.read(file);
    } catch (ConfigException e) {
      ConfigValues rest = ConfigValues.of(ConfigFile.none(), environment, commandLine);
      TurnoutConfig withoutFile = from(rest);
      List<ConfigProblem> problems = new ArrayList<>(e.problems());
      problems.addAll(rest.problems());
      return new Checked(withoutFile, problems);
    }
    ConfigValues values = ConfigValues.of(contents, environment, commandLine);
    TurnoutConfig config = from(values);
    return new Checked(config, values.problems());
  }

  /**
   * Reads the configuration.
   *
   * @throws ConfigException with every problem, if there is one
   */
  public static TurnoutConfig read(
      @Nullable Path file, Map<String, String> environment, Map<String, String> commandLine) {
    Checked checked = check(file, environment, commandLine);
    if (!checked.problems().isEmpty()) {
      throw new ConfigException(checked.problems());
    }
    return checked.config();
  }

  private static TurnoutConfig from(ConfigValues values) {
    return new TurnoutConfig(
        KafkaConfig.from(values),
        RegistryConfig.from(values),
        TopicsConfig.from(values),
        EncoderConfig.from(values),
        RouterConfig.from(values),
        LearnerConfig.from(values),
        WorkerConfig.from(values),
        GraderConfig.from(values),
        GatewayConfig.from(values),
        MetricsConfig.from(values));
  }
}
