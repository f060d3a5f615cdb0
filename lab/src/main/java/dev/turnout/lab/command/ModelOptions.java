package dev.turnout.lab.command;

import dev.turnout.app.command.train.OutcomeOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.ProgressLine;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.lab.eval.ModelStudy;
import dev.turnout.lab.report.ModelReport;
import dev.turnout.model.ModelFormatException;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Recipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Judging models from files, instead of {@code eval}'s table. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      arity = "1..*",
      description = {
        "Instead of the table: judge these trained models as they are, e.g. one a seed. A fine-tuned",
        "FILE.encoder beside a model is taken; the others are of --encoder."
      })
  private List<Path> files = List.of();

  boolean asked() {
    return !files.isEmpty();
  }

  void run(
      OutcomeOptions options,
      OutcomeDataset dataset,
      Recipe recipe,
      PrintWriter out,
      ProgressLine progress) {
    ModelStudy study = new ModelStudy(dataset, recipe, !options.withoutCache, progress);
    ModelStudy.Figures figures;
    try {
      figures = study.of(files.stream().map(file -> given(file, options)).toList());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "--model: " + e.getMessage() + "; give the model's own data and --encoder", e);
    }
    progress.done();
    out.print(ModelReport.text(figures, Ansi.AUTO));
    out.flush();
    if (options.json) {
      JsonLine.print(out, ModelReport.json(figures));
    }
  }

  private static ModelStudy.Given given(Path file, OutcomeOptions options) {
    Path tuned = Path.of(file + EncoderSettings.FINE_TUNED);
    EncoderSettings encoder =
        Files.exists(tuned)
            ? OutcomeOptions.encoderSettings(tuned.toString())
            : options.encoderSettings();
    return new ModelStudy.Given(file.toString(), read(file), () -> Encoders.open(encoder));
  }

  private static RouterModel read(Path file) {
    try {
      return RouterModel.fromBytes(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CommandFailure(
          "--model " + file + " cannot be read (" + e + "); give what turnout train --out wrote",
          e);
    } catch (ModelFormatException e) {
      throw new CommandFailure(
          "--model "
              + file
              + " is no model: "
              + e.getMessage()
              + "; give what turnout train --out"
              + " wrote",
          e);
    }
  }
}
