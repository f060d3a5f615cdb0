package dev.turnout.app.command.model;

import dev.turnout.app.command.ActionsCommand;
import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.control.model.ModelHistory;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.control.model.ModelVersion;
import dev.turnout.model.ModelFormatException;
import dev.turnout.model.RouterModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists router models and says which one serves. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description =
        "List, show or upload router models, put one on trial or in charge, go back to an earlier"
            + " one.",
    synopsisSubcommandLabel = "ACTION",
    commandListHeading = "%nActions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout models list",
      "  turnout models show VERSION",
      "  turnout models upload router.model --promote",
      "  turnout models stage VERSION --share 0.1",
      "  turnout models promote VERSION --reason \"won the trial\"",
      "  turnout models rollback                 to the version before the serving one"
    })
public final class ModelsCommand extends ActionsCommand {

  private static ModelVersion require(ModelHistory history, String version, Connection connection) {
    return history
        .find(version)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "no model "
                        + version
                        + " on "
                        + connection.topics().models()
                        + "; turnout models list shows those that are"));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List all versions with their verdicts and stages.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models list --json")
  void list(
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "End with one JSON object: serving, staged, models.")
          boolean json) {
    ModelListing listing = new ModelListing(options.open().models());
    answer(listing.text(), json, listing::json);
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show one version: lineage, training, estimates, verdicts.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models show VERSION")
  void show(
      @Parameters(paramLabel = "VERSION", description = "The version.") String name,
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "End with one JSON object.") boolean json) {
    Connection connection = options.open();
    ModelDetails details = new ModelDetails(require(connection.models(), name, connection));
    answer(details.text(), json, details::json);
  }

  @Command(
      name = "upload",
      mixinStandardHelpOptions = true,
      description = "Upload a model file that turnout train wrote; it serves once promoted.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models upload router.model --promote")
  void upload(
      @Parameters(paramLabel = "FILE", description = "The model file.") Path file,
      @Option(names = "--promote", description = "Also put it in charge of all routers.")
          boolean promote,
      @Mixin ReasonOption reason,
      @Mixin ConnectionOptions options)
      throws InterruptedException {
    RouterModel model = read(file);
    Connection connection = options.open();
    String parent = connection.models().serving().orElse(null);
    try (ModelPublisher publisher = connection.modelPublisher()) {
      publisher.upload(model, parent, reason.text());
      if (promote) {
        publisher.promote(model.version(), reason.text());
      }
    }
    say(
        "Model "
            + model.version()
            + (promote
                ? " is uploaded and promoted."
                : " is uploaded; models promote puts it in charge."));
  }

  private static RouterModel read(Path file) {
    try {
      return RouterModel.fromBytes(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read; turnout train --out writes model files", e);
    } catch (ModelFormatException e) {
      throw new CommandFailure(file + " is not a router model", e);
    }
  }

  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      description = "Put an uploaded version in charge of all routers.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models promote VERSION --reason \"won the trial\"")
  void promote(
      @Parameters(paramLabel = "VERSION", description = "The version.") String name,
      @Mixin ReasonOption reason,
      @Mixin ConnectionOptions options)
      throws InterruptedException {
    Connection connection = options.open();
    ModelHistory history = connection.models();
    requireComplete(history, name, connection);
    String replaced = history.serving().filter(serving -> !serving.equals(name)).orElse(null);
    try (ModelPublisher publisher = connection.modelPublisher()) {
      publisher.promote(name, replaced, reason.text(), Map.of());
    }
    say("Model " + name + " is promoted; routers swap to it now.");
    if (replaced != null) {
      say("A learner that runs returns to " + replaced + " if " + name + " earns less.");
    }
  }

  private static void requireComplete(ModelHistory history, String name, Connection connection) {
    if (!require(history, name, connection).complete()) {
      throw new CommandFailure("model " + name + " is not complete on the topic; publish it again");
    }
  }

  @Command(
      name = "stage",
      mixinStandardHelpOptions = true,
      description = {
        "Put an uploaded version on trial beside the serving one. A learner that runs moves it up"
            + " its stages, or takes it back, by what it earns."
      },
      footerHeading = "%nExample:%n",
      footer = "  turnout models stage VERSION --share 0.1")
  void stage(
      @Parameters(paramLabel = "VERSION", description = "The version.") String name,
      @Option(
              names = "--share",
              paramLabel = "0..1",
              description = "Share of the queries, by hash of the id; 0, the default, is shadow.",
              defaultValue = "0")
          double share,
      @Mixin ReasonOption reason,
      @Mixin ConnectionOptions options)
      throws InterruptedException {
    if (!(share >= 0 && share < 1)) {
      throw new CommandFailure(
          "--share is " + share + "; it is at least 0 and below 1 (models promote is for all)");
    }
    Connection connection = options.open();
    ModelHistory history = connection.models();
    requireComplete(history, name, connection);
    if (history.serving().filter(name::equals).isPresent()) {
      throw new CommandFailure("model " + name + " serves already");
    }
    try (ModelPublisher publisher = connection.modelPublisher()) {
      publisher.stage(name, share, reason.text(), Map.of());
    }
    say("Model " + name + " is on trial; models list shows it.");
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description =
          "Return to an earlier version. By default this ends the trial, if one is on, else it goes"
              + " back to the version before the serving one.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models rollback --reason \"success fell\"")
  void rollback(
      @Parameters(paramLabel = "VERSION", arity = "0..1", description = "The version to return to.")
          @Nullable String name,
      @Mixin ReasonOption reason,
      @Mixin ConnectionOptions options)
      throws InterruptedException {
    Connection connection = options.open();
    ModelHistory history = connection.models();
    String target =
        name != null
            ? require(history, name, connection).version()
            : (history.trial().isPresent() ? history.serving() : history.previous())
                .orElseThrow(
                    () ->
                        new CommandFailure(
                            "no version served before the present one; name one of those that"
                                + " turnout models list shows"));
    try (ModelPublisher publisher = connection.modelPublisher()) {
      publisher.rollBack(target, reason.text());
    }
    history.trial().ifPresent(trial -> say("The trial of " + trial.version() + " ends."));
    say("Rolled back to model " + target + ".");
  }
}
