package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.data.EncodedQueries;
import dev.turnout.data.QueryOutcomes;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.eval.EncodedSplits;
import dev.turnout.model.RouterModel;
import dev.turnout.train.EndToEndTraining;
import dev.turnout.train.FineTuned;
import dev.turnout.train.Progress;
import dev.turnout.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An encoder fine-tuned on recorded outcomes, in a file, and the router model that goes with it.
 *
 * @param encoder the encoder's file
 * @param secondsPerStep wall time of an optimiser step, on average
 */
record FineTuning(RouterModel model, Path encoder, double secondsPerStep) {

  /**
   * Trains, writes the encoder and encodes the queries with it once more.
   *
   * @param queries training queries; their vectors only group them
   * @param encoder where the encoder goes
   */
  static FineTuning run(
      EncodedQueries queries, TrainingOptions options, Path encoder, long seed, Progress progress) {
    EncodedQueries graded = EncodedSplits.graded(queries);
    List<String> texts = graded.queries().stream().map(QueryOutcomes::question).toList();
    long start = System.nanoTime();
    FineTuned tuned =
        new EndToEndTraining(options).run(EncodedSplits.trainingSet(graded), texts, seed, progress);
    double seconds = (System.nanoTime() - start) / 1e9;
    write(tuned, encoder);
    progress.report("encoding with the fine-tuned encoder", 0);
    try (QueryEncoder moved =
        Encoders.open(
            EncoderSettings.transformer().toBuilder().fineTuned(encoder.toString()).build())) {
      EncodedQueries encoded =
          new EncodedQueries(graded.llms(), graded.queries(), moved.encode(texts));
      RouterModel model = tuned.model(EncodedSplits.trainingSet(encoded), moved.id());
      return new FineTuning(model, encoder, seconds / options.steps());
    }
  }

  private static void write(FineTuned tuned, Path encoder) {
    try {
      Path folder = encoder.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      tuned.weights().write(encoder);
    } catch (IOException e) {
      throw new CommandFailure(
          encoder + " cannot be written (" + e + "); name an --out in a writable folder", e);
    }
  }
}
