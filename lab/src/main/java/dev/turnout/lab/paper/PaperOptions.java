package dev.turnout.lab.paper;

import dev.turnout.app.command.train.TrainingExtension;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.data.EncodedQueries;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.train.Progress;
import dev.turnout.train.TrainingOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be set of the recipe {@code paper} on the command line. */
public final class PaperOptions implements TrainingExtension {
  @Option(
      names = "--fine-tune",
      description = {
        "With --recipe paper: train the built-in transformer too and write it to FILE.encoder;",
        "--encoder then only groups the queries. Takes patience: a step encodes 320 texts and back."
      })
  private boolean fineTune;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimiser steps of --recipe paper (default: 1000).")
  private @Nullable Integer steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Queries a step of --recipe paper (default: 64).")
  private @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Of AdamW in --recipe paper (default: 5e-4, with --fine-tune 5e-5).")
  private @Nullable Double learningRate;

  @Override
  public TrainingOptions options(String recipe) {
    boolean set = fineTune || steps != null || batch != null || learningRate != null;
    if (set && !recipe.equals("paper")) {
      throw new CommandFailure(
          "--fine-tune, --steps, --batch and --learning-rate belong to --recipe paper; recipe "
              + recipe
              + " has none of them");
    }
    TrainingOptions published =
        fineTune ? EndToEndTraining.published() : TrainingOptions.defaults();
    try {
      return published.toBuilder()
          .steps(steps == null ? published.steps() : steps)
          .batch(batch == null ? published.batch() : batch)
          .learningRate(learningRate == null ? published.learningRate() : learningRate)
          .build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Optional<TunedEncoder> tune(
      EncodedQueries queries, TrainingOptions options, Path out, long seed, Progress progress) {
    Path encoder = Path.of(out + EncoderSettings.FINE_TUNED);
    return fineTune
        ? Optional.of(FineTuning.run(queries, options, encoder, seed, progress))
        : Optional.empty();
  }
}
