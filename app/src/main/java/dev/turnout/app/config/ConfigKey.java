package dev.turnout.app.config;

import java.util.Locale;

/**
 * One configuration key: what it is called, what it takes, what it is without being set, and what
 * it does.
 *
 * @param name dotted name as written in a file, e.g. {@code router.guarantee}
 * @param kind which values it takes
 * @param defaultValue value when nothing sets it; empty for none
 * @param doc one sentence for people
 */
public record ConfigKey(String name, ValueKind kind, String defaultValue, String doc) {

  static final String ENVIRONMENT_PREFIX = "TURNOUT_";

  /** Name of the environment variable that sets the key, e.g. {@code TURNOUT_ROUTER_GUARANTEE}. */
  public String environmentVariable() {
    return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  String section() {
    return name.substring(0, name.indexOf('.'));
  }
}
