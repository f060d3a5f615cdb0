package dev.turnout.train;

import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;

/** A way to train a router model. Stateless; equal inputs and seeds give equal models. */
public interface Recipe {

  /** Name as used on the command line, e.g. {@code turnout}. */
  String name();

  /**
   * Trains from scratch.
   *
   * @param data graded queries
   * @param encoder the encoder whose vectors {@code data} holds
   * @param seed source of every random choice
   * @param progress told about every stage
   */
  RouterModel train(TrainingSet data, EncoderId encoder, long seed, Progress progress);

  /**
   * Trains on, from a serving model: its feature map stays, so that cells keep their meaning, and
   * its LLM embeddings are the prior that new grades move. LLMs that the data does not grade keep
   * their embeddings. A recipe without such a prior trains from scratch.
   *
   * @param serving model to start from, of the same encoder as the data's vectors
   */
  default RouterModel retrain(RouterModel serving, TrainingSet data, long seed, Progress progress) {
    return train(data, serving.encoder(), seed, progress);
  }
}
