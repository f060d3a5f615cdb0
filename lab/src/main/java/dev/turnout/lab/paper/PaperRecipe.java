package dev.turnout.lab.paper;

import ai.djl.ndarray.NDArray;
import dev.turnout.encoder.EncoderId;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import dev.turnout.math.TensorEngine;
import dev.turnout.math.Vectors;
import dev.turnout.model.Matrix;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import dev.turnout.train.TrainingOptions;
import dev.turnout.train.TrainingSet;
import dev.turnout.train.TrainingVectors;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * RouterDC as published (Chen et al., NeurIPS 2024) on a frozen encoder: a linear projection and
 * one embedding per LLM, trained with the sample-LLM and the sample-sample contrastive loss by
 * AdamW. Two departures: the projection stands in for fine-tuning the encoder (which {@link
 * EndToEndTraining} does), and the groups are k-means cells of the query vectors themselves instead
 * of their t-SNE map. One query in ten is kept back to calibrate the predicted success.
 */
record PaperRecipe(TrainingOptions options) implements Recipe {
  private static final double WEIGHT_DECAY = 0.01;
  private static final int REPORT_EVERY = 50;

  @Override
  public String name() {
    return PaperModel.NAME;
  }

  @Override
  public RouterModel train(TrainingSet data, EncoderId encoder, long seed, Progress progress) {
    SplittableRandom random = new SplittableRandom(seed);
    QueryFeatures features =
        new QueryFeatures(Matrix.of(new float[][] {TrainingVectors.mean(data)}), true, List.of());
    float[][] x = TrainingVectors.centred(features, data.embeddings());
    PaperModel.Partition split = PaperModel.Partition.draw(data.size(), random);
    Learnt learnt =
        learn(data.subset(split.trained()), Vectors.select(x, split.trained()), random, progress);
    return PaperModel.assemble(
        data,
        encoder,
        features,
        x,
        learnt.projection,
        learnt.llms,
        split,
        options,
        random,
        Map.of("seed", Long.toString(seed)));
  }

  private record Learnt(float[][] projection, float[][] llms) {}

  private Learnt learn(TrainingSet data, float[][] x, SplittableRandom random, Progress progress) {
    int dimension = data.dimension();
    progress.report("groups", 0);
    int[] group =
        KMeans.fit(
                x,
                options.groups(),
                KMeans.USUAL_ITERATIONS,
                StartDraw.proportional(random.split()))
            .assign(x);
    PaperObjective objective =
        new PaperObjective(
            options, new ContrastivePairs(data.rewards(), options.contrasts(), group));
    float[][] llms = PaperObjective.startingEmbeddings(data.llms().size(), dimension, random);
    try (Descent descent =
        new Descent(options.learningRate(), WEIGHT_DECAY, List.of(identity(dimension), llms))) {
      for (int step = 0; step < options.steps(); step++) {
        if (step % REPORT_EVERY == 0) {
          progress.report("contrastive steps", (double) step / options.steps());
        }
        int[] queries = objective.batch(data.size(), random);
        float[][] vectors = Vectors.select(x, objective.withCompanions(queries, random));
        descent.step(
            (scratch, weights) -> {
              NDArray projected =
                  TensorEngine.matrix(scratch, vectors).matMul(weights.get(0).transpose());
              return objective.loss(queries, TensorEngine.unit(projected), weights.get(1), scratch);
            });
      }
      progress.report("contrastive steps", 1);
      return new Learnt(descent.weights(0), descent.weights(1));
    }
  }

  private static float[][] identity(int dimension) {
    float[][] rows = new float[dimension][dimension];
    for (int i = 0; i < dimension; i++) {
      rows[i][i] = 1;
    }
    return rows;
  }
}
