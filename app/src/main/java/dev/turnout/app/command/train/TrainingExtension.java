package dev.turnout.app.command.train;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Progress;
import dev.turnout.train.TrainingOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What another module adds to {@code turnout train}: picocli options, since an extension is mixed
 * into the command, and training that also makes an encoder. Found by {@link
 * java.util.ServiceLoader}.
 */
public interface TrainingExtension {

  /**
   * The settings that were given for a recipe.
   *
   * @throws dev.turnout.app.console.CommandFailure if they do not go with the recipe
   */
  TrainingOptions options(String recipe);

  /**
   * Trains an encoder and a model that goes with it, where that was asked for.
   *
   * @param queries training queries
   * @param out the model's file; the encoder's stands beside it
   */
  Optional<TunedEncoder> tune(
      EncodedQueries queries, TrainingOptions options, Path out, long seed, Progress progress);

  /**
   * An encoder that was trained, in a file, and the router model that goes with it.
   *
   * @param encoder the encoder's file
   * @param secondsPerStep wall time of an optimiser step, on average
   */
  record TunedEncoder(RouterModel model, Path encoder, double secondsPerStep) {}
}
