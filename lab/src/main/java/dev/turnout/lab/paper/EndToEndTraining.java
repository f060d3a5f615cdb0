package dev.turnout.lab.paper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import dev.turnout.math.TensorEngine;
import dev.turnout.train.Progress;
import dev.turnout.train.TrainingOptions;
import dev.turnout.train.TrainingSet;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * RouterDC as published (Chen et al., NeurIPS 2024), encoder included: AdamW moves every weight of
 * the embedded transformer together with the LLM embeddings, under both contrastive losses. Two
 * departures: the encoder is all-MiniLM-L6-v2, and the groups are k-means cells of given vectors
 * instead of their t-SNE map.
 *
 * <p>As the loss of a query needs no other query of its batch, a processor works off a batch a few
 * queries at a time and the gradients add up to exactly those of the whole; this bounds the memory
 * at about 2 GB. A GPU, which idles on so little, takes a batch at once. A step encodes five texts
 * a query, forwards and backwards.
 */
public final class EndToEndTraining {
  private static final double PUBLISHED_LEARNING_RATE = 5e-5;
  private static final float WEIGHT_DECAY = 0.01f;
  private static final int CPU_QUERIES_AT_ONCE = 8;
  private static final int GPU_QUERIES_AT_ONCE = 64;

  private final TrainingOptions options;

  public EndToEndTraining(TrainingOptions options) {
    this.options = options;
  }

  /** The published settings: 1,000 steps of 64 queries at a learning rate of 5e-5. */
  public static TrainingOptions published() {
    return TrainingOptions.builder().learningRate(PUBLISHED_LEARNING_RATE).build();
  }

  /**
   * Trains on nine in ten queries, on the GPU where there is one. Equal inputs and seeds give equal
   * weights on a processor with the same number of threads, on a GPU nearly equal ones.
   *
   * @param data graded queries; their vectors, of any encoder, serve to form the groups alone
   * @param texts the queries themselves, aligned with {@code data}
   * @param seed source of every random choice
   * @param progress told about every step
   */
  public FineTuned run(TrainingSet data, List<String> texts, long seed, Progress progress) {
    if (texts.size() != data.size()) {
      throw new IllegalArgumentException(
          data.size() + " graded queries, but " + texts.size() + " texts");
    }
    SplittableRandom random = new SplittableRandom(seed);
    PaperModel.Partition split = PaperModel.Partition.draw(data.size(), random);
    TrainingSet taught = data.subset(split.trained());
    List<String> taughtTexts = Arrays.stream(split.trained()).mapToObj(texts::get).toList();
    progress.report("groups", 0);
    int[] group =
        KMeans.fit(
                taught.embeddings(),
                options.groups(),
                KMeans.USUAL_ITERATIONS,
                StartDraw.proportional(random.split()))
            .assign(taught.embeddings());
    PaperObjective objective =
        new PaperObjective(
            options, new ContrastivePairs(taught.rewards(), options.contrasts(), group));
    Optimizer optimizer =
        Optimizer.adamW()
            .optLearningRateTracker(Tracker.fixed((float) options.learningRate()))
            .optWeightDecays(WEIGHT_DECAY)
            .build();
    double[] losses = new double[options.steps()];
    try (TunableBert encoder = TunableBert.open()) {
      NDArray llms =
          TensorEngine.matrix(
              encoder.manager(),
              PaperObjective.startingEmbeddings(data.llms().size(), encoder.dimension(), random));
      llms.setRequiresGradient(true);
      for (int step = 0; step < losses.length; step++) {
        progress.report("fine-tuning steps", (double) step / losses.length);
        int[] batch = objective.batch(taught.size(), random);
        losses[step] = step(encoder, llms, objective, batch, taughtTexts, random, optimizer);
      }
      progress.report("fine-tuning steps", 1);
      return new FineTuned(
          encoder.copyWeights(), TensorEngine.rows(llms), losses, split, options, seed);
    }
  }

  /** Moves all weights once down the gradient of a batch's loss, which it returns. */
  private static double step(
      TunableBert encoder,
      NDArray llms,
      PaperObjective objective,
      int[] batch,
      List<String> texts,
      SplittableRandom random,
      Optimizer optimizer) {
    double total = 0;
    int atOnce = encoder.onGpu() ? GPU_QUERIES_AT_ONCE : CPU_QUERIES_AT_ONCE;
    try (GradientCollector collector = TensorEngine.newGradientCollector()) {
      for (int from = 0; from < batch.length; from += atOnce) {
        int[] queries = Arrays.copyOfRange(batch, from, Math.min(batch.length, from + atOnce));
        try (NDManager scratch = encoder.manager().newSubManager()) {
          List<String> asked =
              Arrays.stream(objective.withCompanions(queries, random))
                  .mapToObj(texts::get)
                  .toList();
          // Results live in the manager of their first operand, so the weights come second.
          NDArray loss =
              TensorEngine.scaled(
                  objective.loss(
                      queries,
                      encoder.encode(asked, scratch),
                      scratch.create(1f).mul(llms),
                      scratch),
                  (float) queries.length / batch.length);
          total += loss.getFloat();
          collector.backward(loss);
        }
      }
      NDList weights = new NDList(encoder.weights());
      weights.add(llms);
      for (int w = 0; w < weights.size(); w++) {
        try (NDArray gradient = weights.get(w).getGradient()) {
          optimizer.update(Integer.toString(w), weights.get(w), gradient);
        }
      }
    }
    return total;
  }
}
