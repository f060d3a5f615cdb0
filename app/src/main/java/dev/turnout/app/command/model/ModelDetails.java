package dev.turnout.app.command.model;

import dev.turnout.control.model.ModelVersion;
import dev.turnout.control.model.ModelVersion.StatusChange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code models show} says of a version. */
record ModelDetails(ModelVersion version) {

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, version.version() + ": " + version.status());
    line(text, "  parent   " + Objects.requireNonNullElse(version.parent(), "none"));
    line(text, "  encoder  " + Objects.requireNonNullElse(version.encoder(), "unknown"));
    line(text, "  digest   " + Objects.requireNonNullElse(version.digest(), "unknown"));
    line(text, "  reason   " + version.reason());
    version.report().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> line(text, "  " + entry.getKey() + "  " + entry.getValue()));
    for (StatusChange change : version.changes()) {
      line(text, "  " + change.at() + "  " + change.words() + "  " + change.reason());
      if (change.replaces() != null) {
        line(text, "      replaces  " + change.replaces());
      }
      change.report().forEach((key, value) -> line(text, "      " + key + "  " + value));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("version", version.version());
    object.put("status", version.status());
    object.put("parent", version.parent());
    object.put("encoder", version.encoder());
    object.put("digest", version.digest());
    object.put("bytes", version.bytes());
    object.put("uploaded", Objects.toString(version.uploaded(), null));
    object.put("reason", version.reason());
    object.put("report", version.report());
    object.put(
        "verdicts",
        version.changes().stream()
            .map(
                change ->
                    Map.of(
                        "kind", change.kind().name(),
                        "words", change.words(),
                        "at", change.at().toString(),
                        "reason", change.reason(),
                        "report", change.report()))
            .toList());
    return object;
  }
}
