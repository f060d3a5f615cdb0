package dev.turnout.app.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The values of all keys after command line, environment, file and defaults have been laid over
 * each other in this order of precedence, with everything found wrong on the way.
 */
public final class ConfigValues {

  /** Environment variables that are the launcher's or the build's, not keys. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of("TURNOUT_JAVA_OPTS", "TURNOUT_NO_BUILD", "TURNOUT_SHARED", "TURNOUT_CONFIG");

  private static final ValueKind POSITIVE = ValueKind.number(Double.MIN_VALUE, Double.MAX_VALUE);

  private static final String ROOT = "turnout.";
  private static final int COMMAND_LINE_ORDINAL = 500;
  private static final int ENVIRONMENT_ORDINAL = 400;
  private static final int FILE_ORDINAL = 300;
  private static final int DEFAULT_ORDINAL = 100;

  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> places = new HashMap<>();
  private final Map<String, Map<String, String>> passedThrough = new HashMap<>();
  private final List<ConfigProblem> problems = new ArrayList<>();

  private ConfigValues() {}

  static ConfigValues of(
      ConfigFile file, Map<String, String> environment, Map<String, String> commandLine) {
    ConfigValues result = new ConfigValues();
    SmallRyeConfig layers =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(
                source("command line", commandLine, COMMAND_LINE_ORDINAL),
                new EnvConfigSource(environment, ENVIRONMENT_ORDINAL),
                source(file.name(), file.values(), FILE_ORDINAL),
                source("defaults", defaults(), DEFAULT_ORDINAL))
            .build();
    for (ConfigKey key : ConfigKeys.ALL) {
      result.read(key, layers, file, environment);
    }
    for (String section : ConfigKeys.PASS_THROUGH_SECTIONS) {
      result.passThrough(section, layers, file, environment, commandLine.keySet());
    }
    for (String name : file.values().keySet()) {
      result.reportUnknown(name, file.name() + ":" + file.lines().getOrDefault(name, 1));
    }
    for (String name : new TreeMap<>(commandLine).keySet()) {
      result.reportUnknown(name, "command line");
    }
    result.reportUnknownVariables(environment);
    return result;
  }

  private static Map<String, String> defaults() {
    return ConfigKeys.ALL.stream()
        .collect(Collectors.toMap(ConfigKey::name, ConfigKey::defaultValue));
  }

  private static PropertiesConfigSource source(
      String name, Map<String, String> values, int ordinal) {
    Map<String, String> rooted = new HashMap<>();
    values.forEach((key, value) -> rooted.put(ROOT + key, value));
    return new PropertiesConfigSource(rooted, name, ordinal);
  }

  private void read(
      ConfigKey key, SmallRyeConfig layers, ConfigFile file, Map<String, String> environment) {
    ConfigValue found = layers.getConfigValue(ROOT + key.name());
    String value = found.getValue();
    String raw = found.getRawValue();
    String place = place(key, file, environment);
    places.put(key.name(), place);
    if (value == null && raw != null && raw.contains("${")) {
      problems.add(
          new ConfigProblem(
              place, key.name() + " refers to an environment variable that is not set: " + raw));
    }
    value = value == null ? "" : value.strip();
    if (value.isEmpty()) {
      value = key.defaultValue();
    } else if (!key.kind().accepts().test(value)) {
      problems.add(
          new ConfigProblem(
              place,
              "%s is %s, expected %s"
                  .formatted(
                      key.name(),
                      key.kind().secret() ? "not usable" : "\"" + value + "\"",
                      key.kind().expectation())));
      value = key.defaultValue();
    }
    values.put(key.name(), value);
  }

  private static String place(ConfigKey key, ConfigFile file, Map<String, String> environment) {
    if (environment.containsKey(key.environmentVariable())) {
      return key.environmentVariable();
    }
    Integer line = file.lines().get(key.name());
    return line == null ? "command line" : file.name() + ":" + line;
  }

  private void passThrough(
      String section,
      SmallRyeConfig layers,
      ConfigFile file,
      Map<String, String> environment,
      Set<String> commandLine) {
    Map<String, String> further = new TreeMap<>();
    String prefix = section + ".";
    Set<String> written = new TreeSet<>(file.values().keySet());
    written.addAll(commandLine);
    for (String name : written) {
      if (name.startsWith(prefix) && ConfigKeys.named(name).isEmpty()) {
        String value = layers.getConfigValue(ROOT + name).getValue();
        further.put(name.substring(prefix.length()), value == null ? "" : value);
      }
    }
    String variablePrefix = ConfigKey.ENVIRONMENT_PREFIX + section.toUpperCase(Locale.ROOT) + "_";
    Set<String> own =
        ConfigKeys.ALL.stream().map(ConfigKey::environmentVariable).collect(Collectors.toSet());
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith(variablePrefix) && !own.contains(variable)) {
            // Kafka's and Confluent's keys are lower-case words joined by dots.
            String name =
                variable
                    .substring(variablePrefix.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '.');
            if (!commandLine.contains(prefix + name)) {
              further.put(name, value);
            }
          }
        });
    passedThrough.put(section, Map.copyOf(further));
  }

  private void reportUnknown(String name, String place) {
    List<String> names = ConfigKeys.ALL.stream().map(ConfigKey::name).toList();
    int dot = name.indexOf('.');
    String section = dot < 0 ? name : name.substring(0, dot);
    if (!names.contains(name) && !ConfigKeys.PASS_THROUGH_SECTIONS.contains(section)) {
      problems.add(
          new ConfigProblem(place, "unknown key \"" + name + "\"" + suggestion(name, names)));
    }
  }

  private void reportUnknownVariables(Map<String, String> environment) {
    List<String> variables = ConfigKeys.ALL.stream().map(ConfigKey::environmentVariable).toList();
    for (String variable : new TreeMap<>(environment).keySet()) {
      if (variable.startsWith(ConfigKey.ENVIRONMENT_PREFIX)
          && !variables.contains(variable)
          && !OTHER_VARIABLES.contains(variable)
          && ConfigKeys.PASS_THROUGH_SECTIONS.stream()
              .noneMatch(
                  section ->
                      variable.startsWith(
                          ConfigKey.ENVIRONMENT_PREFIX + section.toUpperCase(Locale.ROOT) + "_"))) {
        problems.add(
            new ConfigProblem(
                variable, "no key has this variable" + suggestion(variable, variables)));
      }
    }
  }

  private static String suggestion(String name, List<String> names) {
    return Spelling.nearest(name, names)
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElse("; turnout check --example prints every key");
  }

  List<ConfigProblem> problems() {
    return List.copyOf(problems);
  }

  /**
   * Adds what a look at the value's parts, or only several keys together, show to be wrong.
   *
   * @param key where it is wrong; its place in the file is found from it
   */
  void report(String key, String problem) {
    problems.add(
        new ConfigProblem(places.getOrDefault(key, "configuration"), key + ": " + problem));
  }

  String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no such key: " + key);
    }
    return value;
  }

  /** The value, or nothing when it is empty. */
  Optional<String> optional(String key) {
    return Optional.of(text(key)).filter(value -> !value.isEmpty());
  }

  int whole(String key) {
    return Integer.parseInt(text(key));
  }

  double number(String key) {
    return Double.parseDouble(text(key));
  }

  boolean flag(String key) {
    return Boolean.parseBoolean(text(key));
  }

  Duration duration(String key) {
    return ValueKind.duration(text(key));
  }

  List<String> list(String key) {
    return Arrays.stream(text(key).split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** A list of {@code name=share}, 0..1; entries of another form are reported and left out. */
  Map<String, Double> shares(String key) {
    Map<String, Double> shares = new TreeMap<>();
    for (String entry : list(key)) {
      int equals = entry.lastIndexOf('=');
      String share = entry.substring(equals + 1);
      if (equals < 1 || !ValueKind.SHARE.accepts().test(share)) {
        report(key, "\"" + entry + "\" must read name=share with a share from 0 to 1");
      } else {
        shares.put(entry.substring(0, equals).strip(), Double.valueOf(share));
      }
    }
    return shares;
  }

  /** A list of {@code name=amount} with positive amounts. */
  Map<String, Double> amounts(String key) {
    Map<String, Double> amounts = new TreeMap<>();
    for (String entry : list(key)) {
      int equals = entry.lastIndexOf('=');
      String amount = entry.substring(equals + 1).strip();
      if (equals < 1 || !POSITIVE.accepts().test(amount)) {
        report(key, "\"" + entry + "\" must read name=amount with an amount above 0");
      } else {
        amounts.put(entry.substring(0, equals).strip(), Double.valueOf(amount));
      }
    }
    return amounts;
  }

  /** Keys of the section that no {@link ConfigKey} names, without the section's prefix. */
  Map<String, String> further(String section) {
    return passedThrough.getOrDefault(section, Map.of());
  }
}
