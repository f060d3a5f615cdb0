package dev.turnout.lab.paper;

import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.djl.FineTunedWeights;
import dev.turnout.model.Matrix;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.train.TrainingOptions;
import dev.turnout.train.TrainingSet;
import dev.turnout.train.TrainingVectors;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What {@link EndToEndTraining} has learnt: an encoder and the LLM embeddings that go with it.
 *
 * @param weights the encoder's weights
 * @param losses the loss of each step's batch before the step
 */
public record FineTuned(
    FineTunedWeights weights,
    float[][] llms,
    double[] losses,
    PaperModel.Partition split,
    TrainingOptions options,
    long seed) {
  /**
   * The router model: the cosine of the encoder's own vector and the LLM embeddings, calibrated on
   * the tenth of the queries that taught neither.
   *
   * @param data the queries of the training, as vectors of the fine-tuned encoder
   * @param encoder the fine-tuned encoder
   */
  public RouterModel model(TrainingSet data, EncoderId encoder) {
    int dimension = encoder.dimension();
    float[][] identity = new float[dimension][dimension];
    for (int i = 0; i < dimension; i++) {
      identity[i][i] = 1;
    }
    QueryFeatures features = new QueryFeatures(Matrix.of(new float[1][dimension]), true, List.of());
    return PaperModel.assemble(
        data,
        encoder,
        features,
        TrainingVectors.centred(features, data.embeddings()),
        identity,
        llms,
        split,
        options,
        new SplittableRandom(seed),
        Map.of(
            "seed",
            Long.toString(seed),
            "fine_tuned",
            "true",
            "first_loss",
            String.format(Locale.ROOT, "%.4f", losses[0]),
            "last_loss",
            String.format(Locale.ROOT, "%.4f", losses[losses.length - 1])));
  }
}
