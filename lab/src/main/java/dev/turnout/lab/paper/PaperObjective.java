package dev.turnout.lab.paper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.turnout.math.TensorEngine;
import dev.turnout.train.TrainingOptions;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** RouterDC's objective on some queries: the weighted sum of its two losses. */
record PaperObjective(TrainingOptions options, ContrastivePairs pairs) {
  private static final double PUBLISHED_TEMPERATURE = 1;
  private static final double EMBEDDING_SPREAD = 0.78;

  /** The options' temperature, or the published one. */
  static double temperature(TrainingOptions options) {
    return Double.isNaN(options.temperature()) ? PUBLISHED_TEMPERATURE : options.temperature();
  }

  /** LLM embeddings to start from, {@code float[llms][dimension]}. */
  static float[][] startingEmbeddings(int llms, int dimension, SplittableRandom random) {
    float[][] values = new float[llms][dimension];
    for (float[] row : values) {
      for (int j = 0; j < dimension; j++) {
        row[j] = (float) (EMBEDDING_SPREAD * random.nextGaussian());
      }
    }
    return values;
  }

  /** A batch drawn with replacement. */
  int[] batch(int size, SplittableRandom random) {
    return IntStream.range(0, options.batch()).map(i -> random.nextInt(size)).toArray();
  }

  /**
   * All queries whose vectors the loss of {@code queries} needs: themselves, then one of the same
   * group each, then those of other groups, query by query. The loss of each query needs no other
   * query of the batch.
   */
  int[] withCompanions(int[] queries, SplittableRandom random) {
    if (options.sampleSampleLoss() == 0) {
      return queries.clone();
    }
    IntStream same =
        Arrays.stream(Arrays.stream(queries).map(q -> pairs.inGroup(q, random)).toArray());
    IntStream others =
        Arrays.stream(queries).flatMap(q -> IntStream.of(pairs.outOfGroup(q, random)));
    return IntStream.concat(IntStream.concat(Arrays.stream(queries), same), others).toArray();
  }

  /**
   * The loss, averaged over {@code queries}.
   *
   * @param vectors unit vectors in the order of {@link #withCompanions}, {@code [. x dimension]}
   * @param llms LLM embeddings, {@code [llms x dimension]}
   * @param scratch owns what the loss needs
   * @return a scalar
   */
  NDArray loss(int[] queries, NDArray vectors, NDArray llms, NDManager scratch) {
    int count = queries.length;
    boolean alone = options.sampleSampleLoss() == 0;
    NDList parts = alone ? new NDList(vectors) : vectors.split(new long[] {count, 2L * count});
    NDArray z = parts.get(0);
    NDArray logits =
        TensorEngine.divided(
            z.matMul(TensorEngine.unit(llms).transpose()), (float) temperature(options));
    float[][] positives = new float[count][];
    float[][] negatives = new float[count][];
    for (int i = 0; i < count; i++) {
      positives[i] = pairs.positives(queries[i]);
      negatives[i] = pairs.negatives(queries[i]);
    }
    NDArray loss =
        TensorEngine.scaled(
            ContrastiveLoss.sampleLlm(
                logits,
                TensorEngine.matrix(scratch, positives),
                TensorEngine.matrix(scratch, negatives)),
            (float) options.sampleLlmLoss());
    if (alone) {
      return loss;
    }
    NDArray sameCosine = z.mul(parts.get(1)).sum(new int[] {1}, true);
    NDArray others = parts.get(2).reshape(count, -1, z.getShape().get(1));
    NDArray otherCosines = z.expandDims(1).mul(others).sum(new int[] {2});
    return loss.add(
        TensorEngine.scaled(
            ContrastiveLoss.sampleSample(sameCosine, otherCosines),
            (float) options.sampleSampleLoss()));
  }
}
