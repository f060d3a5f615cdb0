package dev.turnout.app.config;

import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;

/** Every key as Markdown tables, one a section, for the documentation. */
public final class SettingsTable {

  private SettingsTable() {}

  public static String markdown() {
    StringBuilder text = new StringBuilder();
    for (SettingGroup section : Configuration.SECTIONS) {
      text.append("\n## %s\n%s.\n\n".formatted(section.section(), section.doc()));
      text.append("| key | default | takes | what it does |\n|---|---|---|---|\n");
      for (Setting<?> setting : section.settings()) {
        text.append(
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    setting.key(),
                    setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`",
                    setting.kind().expectation() + (setting.kind().secret() ? ", secret" : ""),
                    setting.doc().replace("|", "\\|").replace("<", "&lt;")));
      }
    }
    return text.toString();
  }
}
