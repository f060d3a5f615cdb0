package dev.turnout.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of {@code values.yaml} with their comments, which are the chart's documentation. The
 * file keeps to a simple form: two spaces a level, a comment above the key that it explains, lists
 * and maps that are values in brackets.
 */
final class ChartValues {

  private static final Pattern LINE = Pattern.compile("^( *)(#|[A-Za-z]+:)(?: (.*))?$");

  /**
   * A value.
   *
   * @param path of its keys, joined by dots
   * @param value as YAML; empty for a group of others
   * @param comment the comment above it
   */
  record Value(String path, String value, String comment) {}

  private ChartValues() {}

  static List<Value> read() {
    List<Value> values = new ArrayList<>();
    List<String> path = new ArrayList<>();
    StringBuilder comment = new StringBuilder();
    for (String line : text().lines().toList()) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches() || line.startsWith("# -") || line.matches("\\s*#   .*")) {
        comment.setLength(0);
        continue;
      }
      String rest = parts.group(3) == null ? "" : parts.group(3);
      if (parts.group(2).equals("#")) {
        comment.append(comment.isEmpty() ? "" : " ").append(rest);
        continue;
      }
      int level = parts.group(1).length() / 2;
      while (path.size() > level) {
        path.remove(path.size() - 1);
      }
      path.add(parts.group(2).replace(":", ""));
      values.add(new Value(String.join(".", path), rest, comment.toString()));
      comment.setLength(0);
    }
    return values;
  }

  /** The values as YAML reads them. */
  static JsonNode tree() {
    try {
      return Manifest.YAML.readTree(text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text() {
    try {
      return Files.readString(HelmChart.FOLDER.resolve("values.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The chart's README. */
  static String readme() {
    StringBuilder text =
        new StringBuilder(
            """
            # Values of the chart
            Written from the comments of `values.yaml` by ChartValuesTest. What the chart installs, and how: [k8s/README.md](../../README.md). `values.schema.json` refuses a value of another name or form.

            | value | default | what it does |
            |---|---|---|
            """);
    List<Value> values = read();
    for (Value value : values) {
      boolean group =
          value.value().isEmpty()
              && values.stream().anyMatch(other -> other.path().startsWith(value.path() + "."));
      if (group && value.comment().isEmpty()) {
        continue;
      }
      text.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  value.path(),
                  group ? "" : "`" + value.value().replace("|", "\\|") + "`",
                  value.comment().replace("|", "\\|")));
    }
    return text.toString();
  }
}
