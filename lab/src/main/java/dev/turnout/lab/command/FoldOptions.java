package dev.turnout.lab.command;

import dev.turnout.app.command.train.OutcomeOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.ProgressLine;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.read.OutcomeDatasets;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.eval.cascade.CascadeEvaluation;
import dev.turnout.lab.eval.cascade.CascadeResult;
import dev.turnout.lab.eval.fold.FoldEvaluation;
import dev.turnout.lab.eval.fold.FoldResult;
import dev.turnout.lab.report.AllDataText;
import dev.turnout.lab.report.CascadeText;
import dev.turnout.lab.report.FoldJson;
import dev.turnout.lab.report.FoldText;
import dev.turnout.train.Recipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** The ways of judging on queries left out of training, instead of {@code eval}'s table. */
final class FoldOptions {
  private static final int FOLDS = 5;

  @Option(
      names = "--folds",
      paramLabel = "N",
      description =
          "Instead of the table: cross-validate in N folds by question, over the training queries"
              + " where the data has a split, else over all.")
  private @Nullable Integer folds;

  @Option(
      names = "--leave-task-out",
      description =
          "Instead of the table: leave each task out of training in turn and judge on it; more than"
              + " --folds tasks (default: 10) are left out in so many groups.")
  private boolean leaveTaskOut;

  @Option(
      names = "--all-data",
      description =
          "Instead of the table: one table over all data sets in the folders of --data, by question"
              + " and by task, on test and out-of-distribution queries where there are any.")
  private boolean allData;

  @Option(
      names = "--cascade",
      description =
          "Instead of the table: what cascades are worth on recorded answers, beside single-shot"
              + " routing, in --folds folds by question (default: 5).")
  private boolean cascade;

  @Option(
      names = "--grader-accuracy",
      paramLabel = "SHARE",
      defaultValue = "0.9",
      description =
          "With --cascade: share of right verdicts of the simulated grader"
              + " (default: ${DEFAULT-VALUE}).")
  private double graderAccuracy;

  boolean asked() {
    return folds != null || leaveTaskOut || allData || cascade;
  }

  /**
   * Does what was asked.
   *
   * @throws CommandFailure if the data does not allow it
   */
  void run(
      OutcomeOptions options,
      Recipe recipe,
      int seeds,
      double outputTokens,
      PrintWriter out,
      ProgressLine progress) {
    if (folds != null && folds < 2) {
      throw new CommandFailure("--folds " + folds + " is too few; give 2 or more");
    }
    if (!(graderAccuracy >= 0 && graderAccuracy <= 1)) {
      throw new CommandFailure("--grader-accuracy " + graderAccuracy + " is not in 0..1");
    }
    try (QueryEncoder encoder = Encoders.open(options.encoderSettings())) {
      Opening opening =
          dataset ->
              FoldEvaluation.of(
                  dataset, encoder, recipe, seeds, outputTokens, !options.withoutCache, progress);
      if (allData) {
        allData(options, opening, out, progress);
      } else {
        one(options, opening, out, progress);
      }
    }
  }

  private interface Opening {
    FoldEvaluation of(OutcomeDataset dataset);
  }

  private void one(
      OutcomeOptions options, Opening opening, PrintWriter out, ProgressLine progress) {
    OutcomeDataset dataset = options.data.read();
    FoldEvaluation evaluation = opening.of(dataset);
    if (cascade) {
      cascade(options, evaluation, out, progress);
      return;
    }
    FoldResult result;
    try {
      result =
          leaveTaskOut
              ? evaluation.byTask(folds == null ? FoldEvaluation.TASK_GROUPS : folds)
              : evaluation.byQuestion(folds == null ? FOLDS : folds);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(options.data.path() + ": " + e.getMessage(), e);
    }
    progress.done();
    out.printf("%s: %s%n", options.data.path(), evaluation.words());
    out.print(FoldText.of(result, Ansi.AUTO));
    out.flush();
    if (options.json) {
      JsonLine.print(out, FoldJson.of(result));
    }
  }

  private void cascade(
      OutcomeOptions options, FoldEvaluation evaluation, PrintWriter out, ProgressLine progress) {
    CascadeResult result;
    try {
      result = CascadeEvaluation.of(evaluation, folds == null ? FOLDS : folds, graderAccuracy);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(options.data.path() + ": " + e.getMessage(), e);
    }
    progress.done();
    out.printf("%s: %s%n", options.data.path(), evaluation.words());
    out.print(CascadeText.of(result, Ansi.AUTO));
    out.flush();
    if (options.json) {
      JsonLine.print(out, result);
    }
  }

  private void allData(
      OutcomeOptions options, Opening opening, PrintWriter out, ProgressLine progress) {
    Map<String, List<FoldResult>> results = new LinkedHashMap<>();
    for (Path folder : folders(options.data.path())) {
      String name = folder.getFileName().toString();
      FoldEvaluation evaluation = opening.of(read(folder));
      out.printf("%s: %s%n", folder, evaluation.words());
      out.flush();
      List<FoldResult> some = new ArrayList<>();
      some.add(evaluation.byQuestion(folds == null ? FOLDS : folds));
      if (evaluation.queries().tasks().size() > 1) {
        some.add(evaluation.byTask(folds == null ? FoldEvaluation.TASK_GROUPS : folds));
      }
      some.addAll(evaluation.bySplit());
      results.put(name, some);
    }
    progress.done();
    out.print(AllDataText.of(results, Ansi.AUTO));
    out.flush();
    if (options.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      results.forEach((name, some) -> json.put(name, some.stream().map(FoldJson::of).toList()));
      JsonLine.print(out, json);
    }
  }

  private static OutcomeDataset read(Path folder) {
    try {
      return OutcomeDatasets.read(folder);
    } catch (OutcomeDataException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Path> folders(Path parent) {
    try (Stream<Path> inside = Files.list(parent)) {
      List<Path> folders = inside.filter(Files::isDirectory).sorted().toList();
      if (folders.isEmpty()) {
        throw new CommandFailure(
            parent + " holds no folders; with --all-data name the folder that holds the data sets");
      }
      return folders;
    } catch (IOException e) {
      throw new CommandFailure(parent + " cannot be listed (" + e + "); check the path", e);
    }
  }
}
