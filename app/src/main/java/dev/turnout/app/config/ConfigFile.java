package dev.turnout.app.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.turnout.config.ConfigException;
import dev.turnout.config.ConfigProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A configuration file, flattened: {@code router: {guarantee: x}} and {@code router.guarantee: x}
 * are the same.
 *
 * @param name the file as the user named it
 * @param values dotted key to value; lists are joined by commas
 * @param lines dotted key to the line it stands on, from 1
 */
record ConfigFile(String name, Map<String, String> values, Map<String, Integer> lines) {

  static ConfigFile none() {
    return new ConfigFile("no file", Map.of(), Map.of());
  }

  /**
   * Reads YAML (or JSON, which is YAML), or Java properties when the name ends in {@code
   * .properties}.
   *
   * @throws ConfigException if the file cannot be read or is not of that form
   */
  static ConfigFile read(Path path) {
    String text;
    try {
      text = Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw failure(
          path.toString(),
          "cannot be read ("
              + e.getClass().getSimpleName()
              + "); give the path of a YAML or properties file, turnout check --example prints one");
    }
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".properties")
        ? properties(path.toString(), text)
        : yaml(path.toString(), text);
  }

  private static ConfigFile properties(String name, String text) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<String> all = text.lines().toList();
    for (int i = 0; i < all.size(); i++) {
      String line = all.get(i).strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
        continue;
      }
      int equals = line.indexOf('=');
      // a line of another form is not printed, since it may hold a secret
      if (equals < 1 || line.substring(0, equals).strip().matches(".*\\s.*")) {
        throw failure(name + ":" + (i + 1), "expected key=value");
      }
      String key = line.substring(0, equals).strip();
      values.put(key, line.substring(equals + 1).strip());
      lines.put(key, i + 1);
    }
    return new ConfigFile(name, values, lines);
  }

  private static ConfigFile yaml(String name, String text) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    try (JsonParser parser = new YAMLFactory().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return new ConfigFile(name, values, lines);
      }
      if (first != JsonToken.START_OBJECT) {
        throw failure(name + ":1", "expected \"key: value\" lines");
      }
      object(parser, name, "", values, lines);
      if (parser.nextToken() != null) {
        throw failure(
            name + ":" + parser.currentTokenLocation().getLineNr(),
            "a second document begins here; give one file for each");
      }
    } catch (JsonProcessingException e) {
      throw failure(
          name + ":" + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
          "is not valid YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException e) {
      throw failure(name, "cannot be read: " + e.getMessage());
    }
    return new ConfigFile(name, values, lines);
  }

  private static void object(
      JsonParser parser,
      String name,
      String prefix,
      Map<String, String> values,
      Map<String, Integer> lines)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = prefix + parser.currentName();
      int line = parser.currentTokenLocation().getLineNr();
      switch (parser.nextToken()) {
        case START_OBJECT -> object(parser, name, key + ".", values, lines);
        case START_ARRAY -> {
          StringBuilder joined = new StringBuilder();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!parser.currentToken().isScalarValue()) {
              throw failure(name + ":" + line, key + ": a list may hold single values alone");
            }
            joined.append(joined.isEmpty() ? "" : ",").append(parser.getValueAsString(""));
          }
          values.put(key, joined.toString());
          lines.put(key, line);
        }
        default -> {
          values.put(key, parser.getValueAsString(""));
          lines.put(key, line);
        }
      }
    }
  }

  private static ConfigException failure(String where, String message) {
    return new ConfigException(List.of(new ConfigProblem(where, message)));
  }
}
