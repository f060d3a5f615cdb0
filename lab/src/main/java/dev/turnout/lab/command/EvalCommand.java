package dev.turnout.lab.command;

import dev.turnout.app.command.train.OutcomeOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.ProgressLine;
import dev.turnout.app.data.EmbeddingCache;
import dev.turnout.app.data.EncodedTraining;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.TextEncoding;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.eval.EvaluationRun;
import dev.turnout.lab.eval.EvaluationSummary;
import dev.turnout.lab.eval.conversation.ConversationResult;
import dev.turnout.lab.eval.conversation.ConversationStudy;
import dev.turnout.lab.eval.guard.GuardFigures;
import dev.turnout.lab.eval.guard.GuardStudy;
import dev.turnout.lab.report.ConversationReport;
import dev.turnout.lab.report.EvaluationJson;
import dev.turnout.lab.report.EvaluationText;
import dev.turnout.lab.report.GuardReport;
import dev.turnout.lab.report.ReportPage;
import dev.turnout.model.RouterModel;
import dev.turnout.train.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code turnout eval}: an honest table of a recipe beside everything it could be compared with.
 */
@Command(
    name = "eval",
    description = {
      "Judges a recipe on recorded outcomes, beside baselines and bounds.",
      "",
      "Models are trained on the training queries alone; test and out-of-distribution queries are"
          + " only counted."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout eval --data outcomes/                    the table",
      "  turnout eval --data outcomes/ --report report/   and an HTML page with pictures",
      "  turnout eval --data outcomes/ --folds 5          cross-validated, for data without a"
          + " split",
      "  turnout eval --data outcomes/ --onboard all      how a new LLM does from few probes",
      "  turnout eval --data outcomes/ --conversations    how follow-ups are routed",
      "  turnout eval --data outcomes/ --guard            what counts as a stranger",
      "  turnout eval --data outcomes/ --model a.model b.model   trained models as they are"
    })
public final class EvalCommand implements Callable<Integer> {
  /** Which baselines to run. */
  enum BaselineSet {
    ESSENTIAL,
    ALL
  }

  @Spec private CommandSpec spec;

  @Mixin private OutcomeOptions options;

  @Mixin private FoldOptions folds = new FoldOptions();

  @Mixin private ModelOptions models = new ModelOptions();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Runs with different seeds (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--baselines",
      paramLabel = "SET",
      defaultValue = "all",
      description =
          "all, or essential: best single, random, kNN, cells, ridge and the bounds"
              + " (default: ${DEFAULT-VALUE}).")
  private BaselineSet baselines;

  @Option(
      names = "--ablate",
      description =
          "Also take the recipes apart, train on the other encoders, and draw the learning curve.")
  private boolean ablate;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Optimiser steps of the recipe paper, also among baselines and ablations"
              + " (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--onboard",
      paramLabel = "LLM",
      description = "Also take an LLM out and put it back from 25, 50 and 100 probes; all = each.")
  private @Nullable String onboard;

  @Option(
      names = "--output-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description =
          "Assumed tokens of an answer where the data has prices but no costs"
              + " (default: ${DEFAULT-VALUE}).")
  private double outputTokens;

  @Option(
      names = "--conversations",
      description =
          "Instead of the table: how many follow-ups are routed like their question, and how many"
              + " new questions of a session as when asked alone.")
  private boolean conversations;

  @Mixin private GuardOptions guard = new GuardOptions();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Also write DIR/report.html, one self-contained page with pictures.")
  private @Nullable Path report;

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new CommandFailure("--seeds " + seeds + " is too few; give 1 or more");
    }
    if (steps < 1) {
      throw new CommandFailure("--steps " + steps + " is too few; give 1 or more");
    }
    guard.check();
    TrainingOptions training = TrainingOptions.builder().steps(steps).build();
    PrintWriter out = spec.commandLine().getOut();
    ProgressLine progress = ProgressLine.onStandardError();
    if (folds.asked()) {
      folds.run(options, options.chosenRecipe(training), seeds, outputTokens, out, progress);
      return 0;
    }
    OutcomeDataset dataset = options.data.read();
    if (guard.wanted) {
      return guard(dataset, training);
    }
    if (dataset.split(Split.TEST).isEmpty()) {
      throw new CommandFailure(
          options.data.path()
              + ": has no test queries; add queries of the split test, or cross-validate with"
              + " --folds 5");
    }
    if (models.asked()) {
      models.run(options, dataset, options.chosenRecipe(training), out, progress);
      return 0;
    }
    try (QueryEncoder encoder = Encoders.open(options.encoderSettings())) {
      if (conversations) {
        return conversations(dataset, encoder, training, progress, out);
      }
      EvaluationRun run =
          new EvaluationRun(
              dataset,
              encoder,
              LongStream.range(0, seeds).boxed().toList(),
              !options.withoutCache,
              progress);
      EvaluationSummary summary =
          run.run(
              options.chosenRecipe(training),
              new EvaluationRun.Extent(
                  training,
                  baselines == BaselineSet.ALL,
                  ablate,
                  otherEncoders(),
                  ablate || report != null,
                  onboarded(dataset),
                  outputTokens));
      progress.done();
      out.printf(
          "%s: %,d training, %,d test and %,d out-of-distribution queries, %d LLMs, encoder %s%n",
          options.data.path(),
          dataset.split(Split.TRAIN).size(),
          dataset.split(Split.TEST).size(),
          dataset.split(Split.OOD).size(),
          dataset.llms().size(),
          encoder.id());
      dataset
          .origin()
          .splits()
          .forEach(split -> out.printf("split into training and test %s%n", split));
      out.print(EvaluationText.of(summary, Ansi.AUTO));
      if (report != null) {
        out.printf("%nreport: %s%n", write(summary, report));
      }
      out.flush();
      if (options.json) {
        JsonLine.print(out, EvaluationJson.of(summary));
      }
    }
    return 0;
  }

  private int guard(OutcomeDataset dataset, TrainingOptions training) {
    PrintWriter out = spec.commandLine().getOut();
    ProgressLine progress = ProgressLine.onStandardError();
    try (QueryEncoder encoder = Encoders.open(options.encoderSettings())) {
      GuardFigures figures =
          new GuardStudy(
                  new TextEncoding(encoder, EmbeddingCache.of(!options.withoutCache), progress),
                  encoder.id(),
                  options.chosenRecipe(training),
                  1 - training.guardQuantile(),
                  guard.most,
                  guard.minSuccess)
              .of(dataset, guard.inside(dataset), guard.strangers());
      progress.done();
      out.print(GuardReport.text(figures, Ansi.AUTO));
      out.flush();
      if (options.json) {
        JsonLine.print(out, GuardReport.json(figures));
      }
    }
    return 0;
  }

  private int conversations(
      OutcomeDataset dataset,
      QueryEncoder encoder,
      TrainingOptions training,
      ProgressLine progress,
      PrintWriter out) {
    boolean cached = !options.withoutCache;
    EncodedTraining encoded = EncodedTraining.of(dataset, encoder, cached, progress);
    RouterModel model =
        options
            .chosenRecipe(training)
            .train(encoded.queries().trainingSet(), encoder.id(), 0, progress);
    ConversationResult result =
        new ConversationStudy(model, new TextEncoding(encoder, EmbeddingCache.of(cached), progress))
            .of(dataset.split(Split.TRAIN), dataset.split(Split.TEST));
    progress.done();
    out.print(ConversationReport.text(result, Ansi.AUTO));
    out.flush();
    if (options.json) {
      JsonLine.print(out, ConversationReport.json(result));
    }
    return 0;
  }

  private Map<String, Supplier<QueryEncoder>> otherEncoders() {
    Map<String, Supplier<QueryEncoder>> others = new LinkedHashMap<>();
    for (String kind : List.of("static", "transformer", "hybrid")) {
      if (ablate && !kind.equals(options.encoder)) {
        others.put(kind, () -> Encoders.open(OutcomeOptions.encoderSettings(kind)));
      }
    }
    return others;
  }

  private static Path write(EvaluationSummary summary, Path folder) {
    try {
      return ReportPage.write(summary, folder);
    } catch (IOException e) {
      throw new CommandFailure(
          "--report " + folder + " cannot be written (" + e + "); name a writable folder", e);
    }
  }

  private List<String> onboarded(OutcomeDataset dataset) {
    if (onboard == null) {
      return List.of();
    }
    if (onboard.equals("all")) {
      return dataset.llms();
    }
    String wanted = onboard;
    return List.of(
        dataset.llms().stream()
            .filter(llm -> llm.equals(wanted) || llm.endsWith("/" + wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandFailure("--onboard " + wanted + " is not among " + dataset.llms())));
  }
}
