package dev.turnout.app.command.train;

import dev.turnout.app.command.train.TrainingExtension.TunedEncoder;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.ProgressLine;
import dev.turnout.app.data.EncodedTraining;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.read.OutcomeDatasets;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.model.RouterModel;
import dev.turnout.model.cost.CostHead;
import dev.turnout.train.Recipe;
import dev.turnout.train.TrainingOptions;
import dev.turnout.train.TrainingSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code turnout train}: recorded outcomes in, a router model file out. */
@Command(
    name = "train",
    description = {
      "Trains a router model on recorded outcomes.",
      "",
      "Only the training queries are read; judge the recipe with @|bold turnout eval|@. With"
          + " @|bold --check|@ nothing is trained: it says what was understood of the data."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout train --check outcomes/",
      "  turnout train --data outcomes/ --out router.model",
      "  turnout train --data outcomes/ --out router.model --encoder transformer --seed 7",
      "  turnout train --data outcomes/ --out router.model --recipe paper --fine-tune --steps 100"
    })
public final class TrainCommand implements Callable<Integer> {
  private static final List<String> REQUIRED = List.of("--data", "--out");

  @Spec private CommandSpec spec;

  @Mixin private OutcomeOptions options;

  private final Optional<TrainingExtension> extension;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the model is written; an existing file is replaced.")
  private Path out;

  @Option(
      names = "--check",
      paramLabel = "DIR",
      description =
          "Train nothing: say what is understood of the data there (formats, LLMs, tasks, splits,"
              + " prices, how much is graded) and what is worth a look. Needs no other option.")
  private @Nullable Path check;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Source of every random choice (default: ${DEFAULT-VALUE}).")
  private long seed;

  private TrainCommand(Optional<TrainingExtension> extension) {
    this.extension = extension;
  }

  /** The command, with the options of the extension that is there. */
  public static CommandLine commandLine() {
    Optional<TrainingExtension> extension = ServiceLoader.load(TrainingExtension.class).findFirst();
    CommandLine line = new CommandLine(new TrainCommand(extension));
    extension.ifPresent(more -> line.addMixin("extension", more));
    waiveRequired(line.getCommandSpec());
    return line;
  }

  /** {@code --check} needs none of the options that training needs, so they are checked here. */
  private static void waiveRequired(CommandSpec spec) {
    for (String name : REQUIRED) {
      OptionSpec required = spec.findOption(name);
      spec.remove(required);
      spec.addOption(OptionSpec.builder(required).required(false).build());
    }
  }

  @Override
  public Integer call() {
    if (check != null) {
      return check(check);
    }
    List<String> missing = REQUIRED.stream().filter(name -> !given(name)).toList();
    if (!missing.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "Missing required options: "
              + String.join(", ", missing)
              + "; or give --check DIR alone to see what is understood of the data");
    }
    TrainingOptions training =
        extension.map(more -> more.options(options.recipe)).orElseGet(TrainingOptions::defaults);
    Recipe recipe = options.chosenRecipe(training);
    OutcomeDataset dataset = options.data.read();
    ProgressLine progress = ProgressLine.onStandardError();
    try (QueryEncoder encoder = Encoders.open(options.encoderSettings())) {
      EncodedTraining vectors =
          EncodedTraining.of(dataset, encoder, !options.withoutCache, progress);
      TrainingSet queries = vectors.queries().trainingSet(dataset.prices());
      long start = System.nanoTime();
      TunedEncoder tuned =
          extension
              .flatMap(more -> more.tune(vectors.queries(), training, out, seed, progress))
              .orElse(null);
      RouterModel model =
          tuned == null ? recipe.train(queries, encoder.id(), seed, progress) : tuned.model();
      double seconds = (System.nanoTime() - start) / 1e9;
      progress.done();
      byte[] bytes = model.toBytes();
      write(bytes);
      report(dataset, queries, model, tuned, bytes.length, vectors.encodeSeconds(), seconds);
    }
    return 0;
  }

  private boolean given(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private int check(Path folder) {
    PrintWriter print = spec.commandLine().getOut();
    try {
      DataCheck found = DataCheck.of(OutcomeDatasets.inspect(folder));
      print.print(found.text(folder.toString(), Ansi.AUTO));
      print.flush();
      if (options.json) {
        JsonLine.print(print, found.json());
      }
    } catch (OutcomeDataException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
    return 0;
  }

  private void write(byte[] bytes) {
    try {
      Path folder = out.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(out, bytes);
    } catch (IOException e) {
      throw new CommandFailure(
          "--out " + out + " cannot be written (" + e + "); name a file in a writable folder", e);
    }
  }

  private void report(
      OutcomeDataset dataset,
      TrainingSet training,
      RouterModel model,
      @Nullable TunedEncoder tuned,
      int bytes,
      double encodeSeconds,
      double trainSeconds) {
    PrintWriter print = spec.commandLine().getOut();
    print.printf("model     %s%n", model.version());
    print.printf("written   %s (%,d bytes, sha-256 %s)%n", out, bytes, model.digest());
    print.printf(
        "trained   on %,d queries and %d LLMs: %s%n",
        training.size(), dataset.llms().size(), String.join(", ", dataset.llms()));
    print.printf("split     %s%n", String.join("; ", dataset.origin().splits()));
    CostHead costs = model.costs();
    int costed = costs == null || costs.usd() == null ? 0 : costs.usd().known();
    print.printf(
        "costs     %s%n",
        costed == 0 ? "none are recorded" : "of %d LLMs, as recorded".formatted(costed));
    print.printf("encoder   %s%n", model.encoder());
    print.printf("took      %.1f s encoding, %.1f s training%n", encodeSeconds, trainSeconds);
    if (tuned != null) {
      print.printf(
          "tuned     %s, %.1f s a step; set encoder.model-url to it where routers run%n",
          tuned.encoder(), tuned.secondsPerStep());
    }
    print.printf("publish   turnout models upload %s --promote%n", out);
    print.flush();
    if (options.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model_version", model.version());
      json.put("digest", model.digest());
      json.put("out", out.toString());
      json.put("bytes", bytes);
      json.put("recipe", options.recipe);
      json.put("encoder", model.encoder().toString());
      json.put("llms", dataset.llms());
      json.put("queries", training.size());
      json.put("llms_with_costs", costed);
      json.put("train_seconds", encodeSeconds + trainSeconds);
      json.put("train_encode_seconds", encodeSeconds);
      json.put("train_fit_seconds", trainSeconds);
      if (tuned != null) {
        json.put("fine_tuned_encoder", tuned.encoder().toString());
        json.put("seconds_per_step", tuned.secondsPerStep());
      }
      json.put("report", model.report());
      JsonLine.print(print, json);
    }
  }
}
