package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.TextTable;
import dev.turnout.app.kafka.ModelHistory;
import dev.turnout.app.kafka.ModelHistory.Version;
import dev.turnout.follow.ModelPublisher;
import dev.turnout.model.ModelFormatException;
import dev.turnout.model.RouterModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  private static ModelHistory history(Connection connection) {
    return ModelHistory.read(connection.topics().models(), connection.client(), connection.serde());
  }

  private static Version require(ModelHistory history, String version, Connection connection) {
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
  int list(
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "End with one JSON object: serving, staged, models.")
          boolean json) {
    PrintWriter out = out();
    Connection connection = options.open();
    ModelHistory history = history(connection);
    Optional<String> serving = history.serving();
    TextTable table =
        new TextTable("", "version", "status", "parent", "uploaded", ">KiB", "reason");
    for (Version version : history.versions()) {
      table.row(
          mark(history, version.version()),
          version.version(),
          version.status(),
          Objects.requireNonNullElse(version.parent(), "-"),
          version.uploaded() == null ? "-" : version.uploaded(),
          version.bytes() / 1024,
          version.reason());
    }
    out.print(table.text());
    out.println(serving.map(name -> "  * serves").orElse("  no model serves yet"));
    history.trial().ifPresent(trial -> out.println("  ~ is on trial"));
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("serving", serving.orElse(null));
      object.put("staged", history.trial().map(ModelHistory.Trial::version).orElse(null));
      object.put("canary_share", history.trial().map(ModelHistory.Trial::share).orElse(null));
      object.put("models", history.versions().stream().map(ModelsCommand::json).toList());
      JsonLine.print(out, object);
    }
    out.flush();
    return 0;
  }

  private static String mark(ModelHistory history, String version) {
    if (history.serving().filter(version::equals).isPresent()) {
      return "*";
    }
    return history.trial().filter(trial -> trial.version().equals(version)).isPresent() ? "~" : " ";
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show one version: lineage, training, estimates, verdicts.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models show VERSION")
  int show(
      @Parameters(paramLabel = "VERSION", description = "The version.") String name,
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "End with one JSON object.") boolean json) {
    PrintWriter out = out();
    Connection connection = options.open();
    Version version = require(history(connection), name, connection);
    out.println(version.version() + ": " + version.status());
    out.println("  parent   " + Objects.requireNonNullElse(version.parent(), "none"));
    out.println("  encoder  " + Objects.requireNonNullElse(version.encoder(), "unknown"));
    out.println("  digest   " + Objects.requireNonNullElse(version.digest(), "unknown"));
    out.println("  reason   " + version.reason());
    version.report().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> out.println("  " + entry.getKey() + "  " + entry.getValue()));
    version
        .verdicts()
        .forEach(
            verdict -> {
              out.println("  " + verdict.at() + "  " + verdict.words() + "  " + verdict.reason());
              if (verdict.replaces() != null) {
                out.println("      replaces  " + verdict.replaces());
              }
              verdict.report().forEach((key, value) -> out.println("      " + key + "  " + value));
            });
    if (json) {
      JsonLine.print(out, json(version));
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "upload",
      mixinStandardHelpOptions = true,
      description = "Upload a model file that turnout train wrote; it serves once promoted.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models upload router.model --promote")
  int upload(
      @Parameters(paramLabel = "FILE", description = "The model file.") Path file,
      @Option(names = "--promote", description = "Also put it in charge of all routers.")
          boolean promote,
      @Mixin ReasonOption reason,
      @Mixin ConnectionOptions options)
      throws InterruptedException {
    RouterModel model = read(file);
    Connection connection = options.open();
    String parent = history(connection).serving().orElse(null);
    try (ModelPublisher publisher = publisher(connection)) {
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
    return 0;
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
  int promote(
      @Parameters(paramLabel = "VERSION", description = "The version.") String name,
      @Mixin ReasonOption reason,
      @Mixin ConnectionOptions options)
      throws InterruptedException {
    Connection connection = options.open();
    ModelHistory history = history(connection);
    requireComplete(history, name, connection);
    String replaced = history.serving().filter(serving -> !serving.equals(name)).orElse(null);
    try (ModelPublisher publisher = publisher(connection)) {
      publisher.promote(name, replaced, reason.text(), Map.of());
    }
    say("Model " + name + " is promoted; routers swap to it now.");
    if (replaced != null) {
      say("A learner that runs returns to " + replaced + " if " + name + " earns less.");
    }
    return 0;
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
  int stage(
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
    ModelHistory history = history(connection);
    requireComplete(history, name, connection);
    if (history.serving().filter(name::equals).isPresent()) {
      throw new CommandFailure("model " + name + " serves already");
    }
    try (ModelPublisher publisher = publisher(connection)) {
      publisher.stage(name, share, reason.text(), Map.of());
    }
    say("Model " + name + " is on trial; models list shows it.");
    return 0;
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description =
          "Return to an earlier version. By default this ends the trial, if one is on, else it goes"
              + " back to the version before the serving one.",
      footerHeading = "%nExample:%n",
      footer = "  turnout models rollback --reason \"success fell\"")
  int rollback(
      @Parameters(paramLabel = "VERSION", arity = "0..1", description = "The version to return to.")
          @Nullable String name,
      @Mixin ReasonOption reason,
      @Mixin ConnectionOptions options)
      throws InterruptedException {
    Connection connection = options.open();
    ModelHistory history = history(connection);
    String target =
        name != null
            ? require(history, name, connection).version()
            : (history.trial().isPresent() ? history.serving() : history.previous())
                .orElseThrow(
                    () ->
                        new CommandFailure(
                            "no version served before the present one; name one of those that"
                                + " turnout models list shows"));
    try (ModelPublisher publisher = publisher(connection)) {
      publisher.rollBack(target, reason.text());
    }
    history.trial().ifPresent(trial -> say("The trial of " + trial.version() + " ends."));
    say("Rolled back to model " + target + ".");
    return 0;
  }

  private static ModelPublisher publisher(Connection connection) {
    return ModelPublisher.open(connection.topics().models(), connection.settings());
  }

  private static Map<String, @Nullable Object> json(Version version) {
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
