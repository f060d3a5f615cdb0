package dev.turnout.grader;

import dev.turnout.config.Setting;
import dev.turnout.config.SettingValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Settings whose value may stand in a file. */
final class SettingFiles {
  private static final int LARGEST = 1 << 20;

  private SettingFiles() {}

  /**
   * The value, or what the file holds that it names by {@code @FILE}.
   *
   * @return the text; empty when the file cannot be read and problems are collected
   */
  static String read(SettingValues values, Setting<?> setting, String text) {
    if (!text.startsWith("@")) {
      return text;
    }
    String name = text.substring(1).strip();
    try {
      Path file = Path.of(name);
      if (Files.size(file) > LARGEST) {
        values.report(setting, name + " has more than " + LARGEST + " bytes");
        return "";
      }
      return Files.readString(file);
    } catch (IOException | InvalidPathException e) {
      values.report(setting, name + " cannot be read as UTF-8 (" + e + "); name a file of text");
      return "";
    }
  }
}
