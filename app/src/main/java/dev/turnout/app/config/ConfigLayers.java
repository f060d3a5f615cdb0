package dev.turnout.app.config;

import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lays command line, environment and file over each other in this order of precedence. Variables
 * that Kubernetes sets for every service of the namespace, and so for one called {@code
 * turnout-gateway}, are no part of the configuration; values may still refer to them.
 */
final class ConfigLayers {

  /** Environment variables that are the launcher's or the build's, not keys. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of("TURNOUT_JAVA_OPTS", "TURNOUT_NO_BUILD", "TURNOUT_SHARED", "TURNOUT_CONFIG");

  /** Kubernetes: "Accessing the Service", environment variables. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          ".*_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)=.*"
              + "|.*_PORT=(tcp|udp|sctp)://.*");

  /** Names without the defaults beside them, which may be secret. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}:]*)");

  private static final List<SettingGroup> OPEN =
      Configuration.SECTIONS.stream().filter(SettingGroup::isOpen).toList();

  private static final String ROOT = "turnout.";
  private static final int COMMAND_LINE_ORDINAL = 500;
  private static final int ENVIRONMENT_ORDINAL = 400;
  private static final int FILE_ORDINAL = 300;

  private final List<Setting<?>> settings = Configuration.settings();
  private final ConfigFile file;
  private final Map<String, String> variables = new TreeMap<>();
  private final Map<String, String> commandLine;
  private final SmallRyeConfig layers;
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, String> places = new HashMap<>();
  private final Map<String, String> unset = new LinkedHashMap<>();

  private ConfigLayers(
      ConfigFile file, Map<String, String> environment, Map<String, String> commandLine) {
    this.file = file;
    this.commandLine = commandLine;
    Map<String, String> readable = new HashMap<>(environment);
    environment.forEach(
        (name, value) -> {
          boolean ours = name.startsWith(Setting.ENVIRONMENT_PREFIX);
          if (ours && SERVICE_LINK.matcher(name + "=" + value).matches()) {
            settings.stream()
                .map(Setting::environmentVariable)
                .filter(name::equals)
                .forEach(readable::remove);
          } else if (ours) {
            variables.put(name, value);
          }
        });
    layers =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(
                source("command line", commandLine, COMMAND_LINE_ORDINAL),
                new EnvConfigSource(readable, ENVIRONMENT_ORDINAL),
                source(file.name(), file.values(), FILE_ORDINAL))
            .build();
  }

  /** The values with what is wrong with names and references; kinds are not looked at yet. */
  static SettingValues lay(
      ConfigFile file, Map<String, String> environment, Map<String, String> commandLine) {
    return new ConfigLayers(file, environment, commandLine).values();
  }

  private SettingValues values() {
    settings.forEach(setting -> read(setting.key(), setting.environmentVariable()));
    OPEN.forEach(this::passThrough);
    SettingValues values = SettingValues.collecting(texts, places);
    unset.forEach((key, message) -> values.add(places.getOrDefault(key, key), message));
    List<String> keys = settings.stream().map(Setting::key).toList();
    for (String name : written()) {
      if (FormerKeys.refusal(name).isEmpty()
          && !keys.contains(name)
          && OPEN.stream().noneMatch(section -> (name + ".").startsWith(section.section() + "."))) {
        values.add(place(name), "unknown key \"" + name + "\"" + suggestion(name, keys));
      }
    }
    refuseFormer(values);
    List<String> known = settings.stream().map(Setting::environmentVariable).toList();
    for (String name : variables.keySet()) {
      if (!known.contains(name)
          && !OTHER_VARIABLES.contains(name)
          && OPEN.stream().noneMatch(section -> name.startsWith(variablePrefix(section)))) {
        values.add(
            name,
            FormerKeys.refusalOfVariable(name)
                .orElseGet(() -> "no key has this variable" + suggestion(name, known)));
      }
    }
    return values;
  }

  /** Wherever they stand: a key that loses to another place must go there, too. */
  private void refuseFormer(SettingValues values) {
    file.lines().forEach((key, line) -> refuseFormer(values, key, file.name() + ":" + line));
    commandLine.keySet().forEach(key -> refuseFormer(values, key, "command line"));
  }

  private static void refuseFormer(SettingValues values, String key, String place) {
    FormerKeys.refusal(key).ifPresent(message -> values.add(place, message));
  }

  /** Keys of the file in its order, then those of the command line. */
  private Set<String> written() {
    Set<String> names = new LinkedHashSet<>(file.values().keySet());
    names.addAll(new TreeSet<>(commandLine.keySet()));
    return names;
  }

  private void read(String key, String variable) {
    @Nullable ConfigValue found = find(key);
    if (variables.containsKey(variable) && !commandLine.containsKey(key)) {
      places.put(key, variable);
    } else if (commandLine.containsKey(key) || file.values().containsKey(key)) {
      places.put(key, place(key));
    }
    if (found == null) {
      texts.put(key, "");
      unset.put(
          key,
          key
              + " holds \"${\" that does not go on as ${VARIABLE} or ${VARIABLE:default}; write"
              + " \\${ where no variable is meant");
      return;
    }
    String raw = found.getRawValue();
    texts.put(key, found.getValue() == null ? "" : found.getValue());
    if (found.getValue() == null && raw != null && raw.contains("${")) {
      unset.put(
          key,
          REFERENCE
              .matcher(raw)
              .results()
              .map(reference -> "${" + reference.group(1) + "}")
              .collect(
                  Collectors.joining(
                      ", ", key + " refers to an environment variable that is not set: ", "")));
    }
  }

  /** Null for a value whose references cannot be read; the reason may hold a secret. */
  private @Nullable ConfigValue find(String key) {
    try {
      return layers.getConfigValue(ROOT + key);
    } catch (NoSuchElementException | IllegalArgumentException unreadable) {
      return null;
    }
  }

  private String place(String key) {
    Integer line = file.lines().get(key);
    return line == null || commandLine.containsKey(key) ? "command line" : file.name() + ":" + line;
  }

  /** Takes an open section's further keys; Kafka's and Confluent's are words joined by dots. */
  private void passThrough(SettingGroup section) {
    String prefix = section.section() + ".";
    for (String name : written()) {
      if (name.startsWith(prefix)) {
        read(name, "");
      }
    }
    Set<String> own =
        section.settings().stream().map(Setting::environmentVariable).collect(Collectors.toSet());
    variables.forEach(
        (variable, value) -> {
          if (variable.startsWith(variablePrefix(section)) && !own.contains(variable)) {
            String name =
                variable
                    .substring(Setting.ENVIRONMENT_PREFIX.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '.');
            if (!commandLine.containsKey(name)) {
              texts.put(name, value);
            }
          }
        });
  }

  private static String variablePrefix(SettingGroup section) {
    return Setting.ENVIRONMENT_PREFIX + section.section().toUpperCase(Locale.ROOT) + "_";
  }

  private static PropertiesConfigSource source(
      String name, Map<String, String> values, int ordinal) {
    Map<String, String> rooted = new HashMap<>();
    values.forEach((key, value) -> rooted.put(ROOT + key, value));
    return new PropertiesConfigSource(rooted, name, ordinal);
  }

  private static String suggestion(String name, List<String> names) {
    return Spelling.nearest(name, names)
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElse("; turnout check --example prints every key");
  }
}
