package dev.turnout.app.command.apply;

import dev.turnout.app.command.Connection;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.control.model.ModelHistory;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.control.model.ModelVersion;
import dev.turnout.math.Sha256;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.ModelEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done for declared models. A declaration says how far a model is to get, once: a
 * version that has served or been on trial is left to the learner and to people, who may have moved
 * on since, and a repeated apply does not take them back. So models are never removed either.
 */
final class ModelPlan {
  private final Connection connection;
  private final ModelHistory history;

  ModelPlan(Connection connection) {
    this.connection = connection;
    this.history = connection.models();
  }

  List<PlannedChange> changes(List<ModelDeclaration> declared) {
    List<PlannedChange> changes = new ArrayList<>();
    for (ModelDeclaration each : declared) {
      RouterModel model = each.model();
      if (model == null) {
        throw new IllegalStateException("a model that was refused is planned");
      }
      changes.add(change(each, model, history.find(model.version()).orElse(null)));
    }
    return changes;
  }

  private PlannedChange change(
      ModelDeclaration declared, RouterModel model, @Nullable ModelVersion known) {
    String version = model.version();
    ModelVersion there = known != null && known.complete() ? known : null;
    if (there != null && !Sha256.hex(model.toBytes()).equals(there.digest())) {
      throw new CommandFailure(
          declared.from().place()
              + ": file: model "
              + version
              + " is on "
              + connection.topics().models()
              + " with another content; give the file's model a version of its own");
    }
    List<String> differences = new ArrayList<>();
    boolean stage =
        switch (declared.stage()) {
          case UPLOADED -> false;
          case TRIAL -> !had(known, ModelEvent.STAGED) && !had(known, ModelEvent.PROMOTED);
          case SERVING -> !had(known, ModelEvent.PROMOTED);
        };
    if (there != null && !stage) {
      return PlannedChange.unchanged(ModelDeclaration.KIND, version, there.status());
    }
    if (stage) {
      differences.add(
          declared.stage() == ModelDeclaration.Stage.SERVING
              ? "promoted"
              : "on trial at a share of " + declared.share());
    }
    return new PlannedChange(
        ModelDeclaration.KIND,
        version,
        there != null ? PlannedChange.Action.CHANGED : PlannedChange.Action.CREATED,
        differences,
        () -> publish(declared, model, there == null, stage));
  }

  private static boolean had(@Nullable ModelVersion known, ModelEvent kind) {
    return known != null && known.changes().stream().anyMatch(change -> change.kind() == kind);
  }

  private void publish(ModelDeclaration declared, RouterModel model, boolean upload, boolean stage)
      throws InterruptedException {
    String serving = history.serving().orElse(null);
    try (ModelPublisher publisher = connection.modelPublisher()) {
      if (upload) {
        publisher.upload(model, serving, declared.reason());
      }
      if (stage && declared.stage() == ModelDeclaration.Stage.SERVING) {
        publisher.promote(model.version(), serving, declared.reason(), Map.of());
      } else if (stage) {
        publisher.stage(model.version(), declared.share(), declared.reason(), Map.of());
      }
    }
  }
}
