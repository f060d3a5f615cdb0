package dev.turnout.app.command.apply;

import dev.turnout.model.ModelFormatException;
import dev.turnout.model.RouterModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A router model as declared: a file, and how far it is to get.
 *
 * @param model null if it could not be read
 * @param share with TRIAL, share of the queries it serves; 0 is shadow
 */
record ModelDeclaration(
    Declaration from, @Nullable RouterModel model, Stage stage, double share, String reason) {
  static final String KIND = "Model";

  /** How far a model is to get. */
  enum Stage {
    UPLOADED,
    TRIAL,
    SERVING
  }

  static ModelDeclaration read(Declaration from) {
    String file = from.required("file");
    Stage stage = from.choice("stage", Stage.class, List.of(Stage.values()));
    if (stage == null && from.text("stage") == null) {
      from.refuse("stage", "is missing; say uploaded, trial or serving");
    }
    Double share = from.number("share", 0, Math.nextDown(1.0), "at least 0 and below 1");
    if (share != null && stage != Stage.TRIAL) {
      from.refuse("share", "is for stage: trial alone; leave it out");
    }
    String reason = from.text("reason");
    return new ModelDeclaration(
        from,
        file.isEmpty() ? null : model(from, file),
        stage == null ? Stage.UPLOADED : stage,
        share == null ? 0 : share,
        reason == null ? "declared" : reason);
  }

  private static @Nullable RouterModel model(Declaration from, String file) {
    Path path = from.beside(file);
    try {
      return RouterModel.fromBytes(Files.readAllBytes(path));
    } catch (IOException e) {
      from.refuse(
          "file",
          path
              + " cannot be read ("
              + e.getClass().getSimpleName()
              + "); turnout train --out writes model files");
    } catch (ModelFormatException e) {
      from.refuse("file", path + " is not a router model: " + e.getMessage());
    }
    return null;
  }
}
