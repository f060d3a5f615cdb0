package dev.turnout.app.command.model;

import dev.turnout.app.console.TextTable;
import dev.turnout.control.model.ModelHistory;
import dev.turnout.control.model.ModelVersion;
import dev.turnout.control.model.Rollout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code models list} says. */
record ModelListing(ModelHistory history) {

  String text() {
    TextTable table =
        new TextTable("", "version", "status", "parent", "uploaded", ">KiB", "reason");
    for (ModelVersion version : history.versions()) {
      table.row(
          mark(version.version()),
          version.version(),
          version.status(),
          Objects.requireNonNullElse(version.parent(), "-"),
          version.uploaded() == null ? "-" : version.uploaded(),
          version.bytes() / 1024,
          version.reason());
    }
    return table.text()
        + (history.serving().isPresent() ? "  * serves\n" : "  no model serves yet\n")
        + (history.trial().isPresent() ? "  ~ is on trial\n" : "");
  }

  private String mark(String version) {
    if (history.serving().filter(version::equals).isPresent()) {
      return "*";
    }
    return history.trial().filter(trial -> trial.version().equals(version)).isPresent() ? "~" : " ";
  }

  Map<String, ?> json() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("serving", history.serving().orElse(null));
    object.put("staged", history.trial().map(Rollout.Stage::version).orElse(null));
    object.put("canary_share", history.trial().map(Rollout.Stage::share).orElse(null));
    object.put(
        "models",
        history.versions().stream().map(version -> new ModelDetails(version).json()).toList());
    return object;
  }
}
