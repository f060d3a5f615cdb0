package dev.turnout.lab.baseline.trained;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.neighbour.Centring;
import dev.turnout.lab.paper.Descent;
import dev.turnout.math.Folds;
import dev.turnout.math.TensorEngine;
import dev.turnout.math.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Trains a {@link Head} by AdamW on as many queries as the RouterDC paper trains its baselines on,
 * 64,000, but in batches of 256 instead of 64 with the learning rate that goes with them: so small
 * a network costs an engine the same for either. Equal queries and seeds give equal heads on the
 * same number of threads.
 */
final class HeadTrainer {

  /** How outputs come from the last layer. */
  enum Output {
    /** Inner products. */
    LINEAR,
    /** Cosines between the query and one vector an LLM, times 10; only without a hidden layer. */
    COSINE
  }

  private static final int BATCH = 256;
  private static final int STEPS = 250;
  private static final double LEARNING_RATE = 4e-3;
  private static final double WEIGHT_DECAY = 1e-2;
  private static final float COSINE_SCALE = 10;

  private HeadTrainer() {}

  /**
   * Trains from a seed.
   *
   * @param units width of the tanh layer, 0 for none
   * @param target makes a query's targets, {@code float[llms]}, of its grades, NaN where not graded
   */
  static Head train(
      EncodedQueries train,
      int units,
      Output kind,
      HeadLoss loss,
      UnaryOperator<float[]> target,
      long seed) {
    Centring centring = Centring.of(train.embeddings());
    float[][] x = centring.apply(train.embeddings());
    float[][] graded = each(train.rewards(), HeadTrainer::graded);
    float[][] targets = each(train.rewards(), rewards -> known(target.apply(rewards), rewards));
    Random random = new Random(seed);
    List<float[][]> start = start(train.llms().size(), units, x[0].length, random);
    Batches batches = new Batches(train.size(), seed, random);
    try (Descent descent = new Descent(LEARNING_RATE, WEIGHT_DECAY, start)) {
      for (int step = 0; step < STEPS; step++) {
        int[] batch = batches.next();
        descent.step(
            (scratch, weights) ->
                loss.of(
                    outputs(TensorEngine.matrix(scratch, Vectors.select(x, batch)), weights, kind),
                    TensorEngine.matrix(scratch, Vectors.select(targets, batch)),
                    TensorEngine.matrix(scratch, Vectors.select(graded, batch))));
      }
      float[][] output = descent.weights(units == 0 ? 0 : 1);
      if (kind == Output.COSINE) {
        Arrays.stream(output).forEach(Vectors::normalise);
      }
      return new Head(centring, units == 0 ? null : descent.weights(0), output);
    }
  }

  private static NDArray outputs(NDArray x, NDList weights, Output kind) {
    if (kind == Output.COSINE) {
      return TensorEngine.scaled(
          x.matMul(TensorEngine.unit(weights.get(0)).transpose()), COSINE_SCALE);
    }
    NDArray last = x;
    for (int layer = 0; layer < weights.size() - 1; layer++) {
      last = last.matMul(weights.get(layer).transpose()).tanh();
    }
    return last.matMul(weights.get(weights.size() - 1).transpose());
  }

  private static List<float[][]> start(int llms, int units, int dimension, Random random) {
    return units == 0
        ? List.<float[][]>of(gaussian(llms, dimension, random))
        : List.of(gaussian(units, dimension, random), gaussian(llms, units, random));
  }

  private static float[][] gaussian(int rows, int columns, Random random) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int k = 0; k < columns; k++) {
        row[k] = (float) (random.nextGaussian() / Math.sqrt(columns));
      }
    }
    return values;
  }

  private static float[] graded(float[] rewards) {
    float[] graded = new float[rewards.length];
    for (int t = 0; t < graded.length; t++) {
      graded[t] = Float.isNaN(rewards[t]) ? 0 : 1;
    }
    return graded;
  }

  private static float[] known(float[] targets, float[] rewards) {
    float[] known = new float[targets.length];
    for (int t = 0; t < known.length; t++) {
      known[t] = Float.isNaN(rewards[t]) ? 0 : targets[t];
    }
    return known;
  }

  private static float[][] each(float[][] rows, UnaryOperator<float[]> change) {
    return Arrays.stream(rows).map(change).toArray(float[][]::new);
  }

  /** Queries in a random order, all of them once before any comes again. */
  private static final class Batches {
    private final Random random;
    private int[] order;
    private int next;

    Batches(int queries, long seed, Random random) {
      this.order = Folds.shuffled(queries, new Random(seed));
      this.random = random;
    }

    int[] next() {
      int[] batch = new int[Math.min(BATCH, order.length)];
      for (int b = 0; b < batch.length; b++) {
        if (next == order.length) {
          order = Folds.shuffled(order.length, new Random(random.nextLong()));
          next = 0;
        }
        batch[b] = order[next++];
      }
      return batch;
    }
  }
}
