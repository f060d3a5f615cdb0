package dev.turnout.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.Calibration;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * RouterDC as published (Chen et al., NeurIPS 2024) on a frozen encoder: a linear projection and
 * one embedding per LLM, trained with the sample-LLM and the sample-sample contrastive loss by
 * AdamW. Two departures: the projection stands in for fine-tuning the encoder, and the groups are
 * k-means cells of the query vectors themselves instead of their t-SNE map. One query in ten is
 * kept back to calibrate the predicted success.
 */
final class PaperRecipe implements Recipe {
  private static final double PUBLISHED_TEMPERATURE = 1;
  private static final double EMBEDDING_SPREAD = 0.78;
  private static final float WEIGHT_DECAY = 0.01f;
  private static final int KEPT_BACK_OF = 10;
  private static final int REPORT_EVERY = 50;

  private final TrainingOptions options;

  PaperRecipe(TrainingOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "paper";
  }

  @Override
  public RouterModel train(TrainingSet data, EncoderId encoder, long seed, Progress progress) {
    SplittableRandom random = new SplittableRandom(seed);
    QueryFeatures features =
        new QueryFeatures(Matrix.of(new float[][] {TrainingVectors.mean(data)}), true, List.of());
    float[][] x = TrainingVectors.centred(features, data.embeddings());
    int[] order = Folds.shuffled(data.size(), random);
    int kept = data.size() / KEPT_BACK_OF;
    int[] heldOut = Arrays.copyOf(order, kept);
    int[] trained = Arrays.copyOfRange(order, kept, order.length);
    Learnt learnt = learn(data.subset(trained), select(x, trained), random, progress);
    double temperature =
        Double.isNaN(options.temperature()) ? PUBLISHED_TEMPERATURE : options.temperature();
    Guard guard = GuardFit.fit(x, options.guardQuantile(), random);
    Map<String, String> report = new TreeMap<>();
    report.put("recipe", name());
    report.put("seed", Long.toString(seed));
    report.put("queries", Integer.toString(data.size()));
    report.put("options", options.toString());
    int llms = data.llms().size();
    RouterModel raw =
        new RouterModel(
            name(),
            encoder,
            data.llms(),
            features,
            withoutConstant(learnt.projection),
            Matrix.of(learnt.llms),
            null,
            temperature,
            Calibration.shared(llms, 1, 0),
            guard,
            report);
    TrainingSet judged = kept > 0 ? data.subset(heldOut) : data;
    RouterModel calibrated = PlattPerLlm.calibrate(raw, judged, overall(data));
    return calibrated.withVersion(name() + "-" + calibrated.digest().substring(0, 8));
  }

  private record Learnt(float[][] projection, float[][] llms) {}

  private Learnt learn(TrainingSet data, float[][] x, SplittableRandom random, Progress progress) {
    int dimension = data.dimension();
    float[] ones = new float[x.length];
    Arrays.fill(ones, 1);
    progress.report("groups", 0);
    int[] group = KMeans.assign(x, KMeans.centroids(x, ones, options.groups(), random.split()));
    ContrastivePairs pairs = new ContrastivePairs(data.rewards(), options.contrasts(), group);
    double temperature =
        Double.isNaN(options.temperature()) ? PUBLISHED_TEMPERATURE : options.temperature();
    Optimizer optimizer =
        Optimizer.adamW()
            .optLearningRateTracker(Tracker.fixed((float) options.learningRate()))
            .optWeightDecays(WEIGHT_DECAY)
            .build();
    try (NDManager manager = TrainingEngine.newManager()) {
      NDArray projection = manager.eye(dimension);
      NDArray llms =
          TrainingEngine.matrix(manager, gaussian(data.llms().size(), dimension, random));
      projection.setRequiresGradient(true);
      llms.setRequiresGradient(true);
      for (int step = 0; step < options.steps(); step++) {
        if (step % REPORT_EVERY == 0) {
          progress.report("contrastive steps", (double) step / options.steps());
        }
        try (NDManager scratch = manager.newSubManager();
            GradientCollector collector = TrainingEngine.newGradientCollector()) {
          // Results live in the manager of their first operand, so the weights come second.
          NDArray one = scratch.create(1f);
          NDArray loss =
              loss(
                  batch(data.size(), random),
                  x,
                  pairs,
                  one.mul(projection),
                  one.mul(llms),
                  temperature,
                  scratch,
                  random);
          collector.backward(loss);
          optimizer.update("projection", projection, projection.getGradient());
          optimizer.update("llms", llms, llms.getGradient());
          projection.getGradient().close();
          llms.getGradient().close();
        }
      }
      progress.report("contrastive steps", 1);
      return new Learnt(rows(projection), rows(llms));
    }
  }

  private NDArray loss(
      int[] queries,
      float[][] x,
      ContrastivePairs pairs,
      NDArray projection,
      NDArray llms,
      double temperature,
      NDManager scratch,
      SplittableRandom random) {
    NDArray turned = projection.transpose();
    NDArray z = unit(x, queries, turned, scratch);
    NDArray logits = z.matMul(ContrastiveLoss.unit(llms).transpose()).div((float) temperature);
    float[][] positives = new float[queries.length][];
    float[][] negatives = new float[queries.length][];
    for (int i = 0; i < queries.length; i++) {
      positives[i] = pairs.positives(queries[i]);
      negatives[i] = pairs.negatives(queries[i]);
    }
    NDArray loss =
        ContrastiveLoss.sampleLlm(
                logits,
                TrainingEngine.matrix(scratch, positives),
                TrainingEngine.matrix(scratch, negatives))
            .mul((float) options.sampleLlmLoss());
    if (options.sampleSampleLoss() == 0) {
      return loss;
    }
    int[] same = Arrays.stream(queries).map(q -> pairs.inGroup(q, random)).toArray();
    int[] others =
        Arrays.stream(queries).flatMap(q -> IntStream.of(pairs.outOfGroup(q, random))).toArray();
    int width = others.length / queries.length;
    NDArray sameCosine = z.mul(unit(x, same, turned, scratch)).sum(new int[] {1}, true);
    NDArray otherVectors =
        unit(x, others, turned, scratch).reshape(queries.length, width, x[0].length);
    NDArray otherCosines = z.expandDims(1).mul(otherVectors).sum(new int[] {2});
    return loss.add(
        ContrastiveLoss.sampleSample(sameCosine, otherCosines)
            .mul((float) options.sampleSampleLoss()));
  }

  private static NDArray unit(
      float[][] x, int[] queries, NDArray turnedProjection, NDManager scratch) {
    return ContrastiveLoss.unit(
        TrainingEngine.matrix(scratch, select(x, queries)).matMul(turnedProjection));
  }

  private int[] batch(int size, SplittableRandom random) {
    return IntStream.range(0, options.batch()).map(i -> random.nextInt(size)).toArray();
  }

  private static float[][] gaussian(int rows, int columns, SplittableRandom random) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) (EMBEDDING_SPREAD * random.nextGaussian());
      }
    }
    return values;
  }

  private static float[][] select(float[][] rows, int[] indices) {
    return Arrays.stream(indices).mapToObj(i -> rows[i]).toArray(float[][]::new);
  }

  private static float[][] rows(NDArray matrix) {
    Shape shape = matrix.getShape();
    return Matrix.of(
            Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)), matrix.toFloatArray())
        .toRows();
  }

  /** The learnt projection sees x alone: a zero column for the constant feature. */
  private static Matrix withoutConstant(float[][] projection) {
    return Matrix.of(
        Arrays.stream(projection)
            .map(row -> Arrays.copyOf(row, row.length + 1))
            .toArray(float[][]::new));
  }

  private static double[] overall(TrainingSet data) {
    double[] weights = new double[data.size()];
    Arrays.fill(weights, 1);
    return new MaskedGrades(data.rewards(), weights, null).overall();
  }
}
