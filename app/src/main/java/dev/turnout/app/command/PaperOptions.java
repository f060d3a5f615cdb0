package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.train.EndToEndTraining;
import dev.turnout.train.TrainingOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be set of the recipe {@code paper} on the command line. */
final class PaperOptions {
  @Option(
      names = "--fine-tune",
      description = {
        "With --recipe paper: train the built-in transformer too and write it to FILE.encoder;",
        "--encoder then only groups the queries. Takes patience: a step encodes 320 texts and back."
      })
  boolean fineTune;

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

  /** The options for a recipe; refuses those that it does not have. */
  TrainingOptions of(String recipe) {
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
}
