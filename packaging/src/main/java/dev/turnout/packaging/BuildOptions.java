package dev.turnout.packaging;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the build passes, as {@code key=value}; a value may be empty. */
record BuildOptions(Map<String, String> values) {

  static BuildOptions parse(String... arguments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0) {
        throw new PackagingException("\"" + argument + "\" is not key=value");
      }
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return new BuildOptions(values);
  }

  /**
   * The value of a key.
   *
   * @throws PackagingException if there is none
   */
  String text(String key) {
    String value = values.getOrDefault(key, "");
    if (value.isEmpty()) {
      throw new PackagingException(key + " is not set");
    }
    return value;
  }

  Path path(String key) {
    return Path.of(text(key));
  }

  boolean isSet(String key) {
    return !values.getOrDefault(key, "").isEmpty();
  }
}
