package dev.turnout.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The texts that settings are read from. Records are bound to them by a static {@code from}, in the
 * program as in tests: {@code RouterSettings.from(SettingValues.of(Map.of("router.threads", "2")),
 * version)}.
 *
 * <p>Values made by {@link #of} refuse the first text that is wrong. Those made by {@link
 * #collecting} go on with the default and keep the problem, so that a file's problems are found all
 * at once. Not thread-safe.
 */
public final class SettingValues {
  private final Map<String, String> texts;
  private final Map<String, String> places;
  private final boolean strict;
  private final Set<ConfigProblem> problems = new LinkedHashSet<>();

  private SettingValues(Map<String, String> texts, Map<String, String> places, boolean strict) {
    this.texts = Map.copyOf(texts);
    this.places = Map.copyOf(places);
    this.strict = strict;
  }

  /** Values by key; what is wrong is thrown as a {@link ConfigException}. */
  public static SettingValues of(Map<String, String> texts) {
    return new SettingValues(texts, Map.of(), true);
  }

  /**
   * Values by key; what is wrong is collected.
   *
   * @param places by key, where the text stands: file and line, variable, or command line
   */
  public static SettingValues collecting(Map<String, String> texts, Map<String, String> places) {
    return new SettingValues(texts, places, false);
  }

  /** The value of a setting that has a default, or that may be empty. */
  public <T> T get(Setting<T> setting) {
    return find(setting).orElseGet(() -> setting.kind().read(setting.defaultValue()));
  }

  /** The value, or nothing when it is empty. */
  public <T> Optional<T> find(Setting<T> setting) {
    String given = texts.getOrDefault(setting.key(), "").strip();
    if (!given.isEmpty()) {
      try {
        return Optional.of(setting.kind().read(given));
      } catch (IllegalArgumentException e) {
        add(place(setting), setting.key() + refusal(setting, given));
      }
    }
    return Optional.of(setting.defaultValue())
        .filter(text -> !text.isEmpty())
        .map(setting.kind()::read);
  }

  /**
   * The value of a setting that has to be set.
   *
   * @param meaning what it is, for the one who has to set it
   * @throws ConfigException if it is empty or wrong
   */
  public <T> T required(Setting<T> setting, String meaning) {
    return find(setting)
        .orElseThrow(
            () ->
                new ConfigException(
                    List.of(
                        new ConfigProblem(
                            place(setting), setting.key() + " is not set; it is " + meaning))));
  }

  /** The texts of an open section that no setting declares, without the section's name. */
  public Map<String, String> further(SettingGroup group) {
    String prefix = group.section() + ".";
    Map<String, String> further = new TreeMap<>();
    texts.forEach(
        (key, text) -> {
          if (key.startsWith(prefix)) {
            further.put(key.substring(prefix.length()), text);
          }
        });
    group.settings().forEach(setting -> further.remove(setting.shortName()));
    return further;
  }

  /** Adds what only the value's parts, or several settings together, show to be wrong. */
  public void report(Setting<?> setting, String problem) {
    add(place(setting), setting.key() + ": " + problem);
  }

  /** Adds a problem that was found elsewhere. */
  public void add(String place, String message) {
    ConfigProblem problem = new ConfigProblem(place, message);
    if (strict) {
      throw new ConfigException(List.of(problem));
    }
    problems.add(problem);
  }

  /** What was wrong with the values read so far; empty when all is well. */
  public List<ConfigProblem> problems() {
    return List.copyOf(problems);
  }

  private String place(Setting<?> setting) {
    return places.getOrDefault(setting.key(), "configuration");
  }

  private static String refusal(Setting<?> setting, String given) {
    String expected = ", expected " + setting.kind().expectation();
    if (setting.kind().secret()) {
      return " is not usable" + expected;
    }
    // what stands before the host of a URL may be a password
    return " is \"" + given.replaceFirst("^.*@", "***@") + "\"" + expected;
  }

  /** Keys only: values may be secret. */
  @Override
  public String toString() {
    return "SettingValues" + texts.keySet();
  }
}
