package dev.turnout.app.command.model;

import dev.turnout.app.kafka.ModelHistory.Verdict;
import dev.turnout.app.kafka.ModelHistory.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code models show} says of a version. */
record ModelDetails(Version version) {

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
    for (Verdict verdict : version.verdicts()) {
      line(text, "  " + verdict.at() + "  " + verdict.words() + "  " + verdict.reason());
      if (verdict.replaces() != null) {
        line(text, "      replaces  " + verdict.replaces());
      }
      verdict.report().forEach((key, value) -> line(text, "      " + key + "  " + value));
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
        version.verdicts().stream()
            .map(
                verdict ->
                    Map.of(
                        "kind", verdict.kind().name(),
                        "words", verdict.words(),
                        "at", verdict.at().toString(),
                        "reason", verdict.reason(),
                        "report", verdict.report()))
            .toList());
    return object;
  }
}
