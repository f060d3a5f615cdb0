package dev.turnout.config;

import java.util.Locale;

/**
 * One key: what it is called, what it takes, what it is without being set, and what it does.
 *
 * @param key dotted name as written in a file, e.g. {@code router.guarantee}
 * @param kind which values it takes
 * @param defaultValue text when nothing sets it; empty for none
 * @param doc one sentence for people
 */
public record Setting<T>(String key, SettingKind<T> kind, String defaultValue, String doc) {

  /** What the environment variables of all settings begin with. */
  public static final String ENVIRONMENT_PREFIX = "TURNOUT_";

  /** Name of the environment variable that sets the key, e.g. {@code TURNOUT_ROUTER_GUARANTEE}. */
  public String environmentVariable() {
    return environmentVariable(key);
  }

  /** As {@link #environmentVariable()}, of any key. */
  public static String environmentVariable(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The key without its section, e.g. {@code guarantee}. */
  public String shortName() {
    return key.substring(key.indexOf('.') + 1);
  }
}
