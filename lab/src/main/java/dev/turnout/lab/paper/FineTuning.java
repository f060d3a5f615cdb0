package dev.turnout.lab.paper;

import dev.turnout.app.command.train.TrainingExtension.TunedEncoder;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Progress;
import dev.turnout.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Fine-tunes an encoder on recorded outcomes, into a file, and trains a model that goes with it.
 */
final class FineTuning {
  private FineTuning() {}

  /**
   * Trains, writes the encoder and encodes the queries with it once more.
   *
   * @param queries training queries; their vectors only group them
   * @param encoder where the encoder goes
   */
  static TunedEncoder run(
      EncodedQueries queries, TrainingOptions options, Path encoder, long seed, Progress progress) {
    EncodedQueries graded = queries.graded();
    List<String> texts = graded.queries().stream().map(QueryOutcomes::question).toList();
    long start = System.nanoTime();
    FineTuned tuned =
        new EndToEndTraining(options).run(graded.trainingSet(), texts, seed, progress);
    double seconds = (System.nanoTime() - start) / 1e9;
    write(tuned, encoder);
    progress.report("encoding with the fine-tuned encoder", 0);
    try (QueryEncoder moved =
        Encoders.open(
            EncoderSettings.transformer().toBuilder().fineTuned(encoder.toString()).build())) {
      EncodedQueries encoded =
          new EncodedQueries(graded.llms(), graded.queries(), moved.encode(texts));
      RouterModel model = tuned.model(encoded.trainingSet(), moved.id());
      return new TunedEncoder(model, encoder, seconds / options.steps());
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
