package dev.turnout.app.config;

import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;

/** Prints every key with its default and what it does, as a YAML file to start from. */
public final class ExampleConfig {

  private ExampleConfig() {}

  public static String text() {
    StringBuilder text = new StringBuilder();
    text.append("# Turnout's configuration: every key with its default.\n");
    text.append(
        "# An environment variable wins over this file: router.policy is TURNOUT_ROUTER_POLICY.\n");
    text.append("# ${NAME} in a value is replaced by the environment variable NAME.\n");
    for (SettingGroup section : Configuration.SECTIONS) {
      text.append("\n# ").append(section.doc()).append('\n');
      text.append(section.section()).append(":\n");
      for (Setting<?> setting : section.settings()) {
        text.append("  # %s (%s)\n".formatted(setting.doc(), setting.kind().expectation()));
        text.append("  %s: %s\n".formatted(setting.shortName(), quoted(setting.defaultValue())));
      }
    }
    return text.toString();
  }

  private static String quoted(String value) {
    return value.isEmpty() || value.contains(": ") ? "\"" + value + "\"" : value;
  }
}
