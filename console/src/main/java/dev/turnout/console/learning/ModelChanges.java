package dev.turnout.console.learning;

import dev.turnout.console.page.PageRequest;
import dev.turnout.console.state.ModelsSeen;
import dev.turnout.control.model.ModelVersion;

/** What administrators do with models, checked as the commands check it. */
final class ModelChanges {
  private ModelChanges() {}

  /** Puts a version in charge. */
  static String promote(PageRequest request) throws InterruptedException {
    ModelsSeen models = request.state().models();
    String version = complete(models, request).version();
    String replaced = models.serving().filter(serving -> !serving.equals(version)).orElse(null);
    request.state().modelActions().promote(version, replaced, reason(request));
    return "Model "
        + version
        + " is promoted; routers swap to it now."
        + (replaced == null
            ? ""
            : " A learner that runs returns to " + replaced + " if it earns less.");
  }

  /** Puts a version on trial. */
  static String stage(PageRequest request) throws InterruptedException {
    ModelsSeen models = request.state().models();
    String version = complete(models, request).version();
    if (models.serving().filter(version::equals).isPresent()) {
      throw new IllegalArgumentException("Model " + version + " serves already.");
    }
    double percent = percent(request);
    request.state().modelActions().stage(version, percent / 100, reason(request));
    return "Model " + version + " is on trial with " + percent + " % of the queries.";
  }

  private static double percent(PageRequest request) {
    String given = request.value("percent").orElse("0");
    try {
      double percent = Double.parseDouble(given);
      if (percent >= 0 && percent < 100) {
        return percent;
      }
    } catch (NumberFormatException notANumber) {
      // told below
    }
    throw new IllegalArgumentException(
        "The share is \"" + given + "\"; it is at least 0 and below 100 %. Promote is for all.");
  }

  /** Returns to a version; without one, ends the trial or returns to the version before. */
  static String rollBack(PageRequest request) throws InterruptedException {
    ModelsSeen models = request.state().models();
    String target =
        request.value("version").isPresent()
            ? known(models, request).version()
            : (models.trial().isPresent() ? models.serving() : models.previous())
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "No version served before the present one; choose one."));
    request.state().modelActions().rollBack(target, reason(request));
    return "Rolled back to model "
        + target
        + "."
        + models.trial().map(trial -> " The trial of " + trial.version() + " ends.").orElse("");
  }

  private static ModelVersion complete(ModelsSeen models, PageRequest request) {
    ModelVersion version = known(models, request);
    if (!version.complete()) {
      throw new IllegalArgumentException(
          "Model " + version.version() + " is not complete on the topic; publish it again.");
    }
    return version;
  }

  private static ModelVersion known(ModelsSeen models, PageRequest request) {
    String name =
        request
            .value("version")
            .orElseThrow(() -> new IllegalArgumentException("Choose a version."));
    return models
        .find(name)
        .orElseThrow(
            () -> new IllegalArgumentException("There is no model " + name + " on the topic."));
  }

  /** Whose key it was stands beside why, since the topic is the record. */
  private static String reason(PageRequest request) {
    String why =
        request
            .value("reason")
            .orElseThrow(
                () -> new IllegalArgumentException("Say why; it is recorded on the topic."));
    return why + " (console, key " + request.visitor().key().orElse("") + ")";
  }
}
