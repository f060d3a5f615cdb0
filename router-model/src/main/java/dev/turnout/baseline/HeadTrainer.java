package dev.turnout.baseline;

import dev.turnout.data.EncodedQueries;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Trains a {@link Head} by AdamW: batches of 64, 1,000 steps, as the RouterDC paper trains its
 * baselines. The gradients of these one- and two-layer networks are written out rather than derived
 * by an engine: a step costs microseconds and repeats bit by bit.
 */
final class HeadTrainer {
  /** Derivative of one query's loss by the network's outputs. */
  interface OutputGradient {
    /**
     * Fills in the derivative.
     *
     * @param outputs {@code double[llms]}
     * @param rewards {@code float[llms]}, NaN where not graded, not NaN throughout
     * @param gradient {@code double[llms]} to fill; must be 0 where not graded
     */
    void write(double[] outputs, float[] rewards, double[] gradient);
  }

  /** How outputs come from the last layer. */
  enum Output {
    /** Inner products. */
    LINEAR,
    /** Cosines between the query and one vector an LLM, times 10; only without a hidden layer. */
    COSINE
  }

  private static final int BATCH = 64;
  private static final int STEPS = 1000;
  private static final double COSINE_SCALE = 10;

  private final float[][] x;
  private final float[][] rewards;
  private final @Nullable Weights hidden;
  private final Weights output;
  private final Output kind;
  private final OutputGradient loss;

  private HeadTrainer(
      float[][] x, float[][] rewards, int units, Output kind, OutputGradient loss, Random random) {
    int llms = rewards[0].length;
    this.x = x;
    this.rewards = rewards;
    this.hidden = units == 0 ? null : new Weights(units, x[0].length, random);
    this.output = new Weights(llms, units == 0 ? x[0].length : units, random);
    this.kind = kind;
    this.loss = loss;
  }

  /**
   * Trains from a seed.
   *
   * @param units width of the tanh layer, 0 for none
   */
  static Head train(EncodedQueries train, int units, Output kind, OutputGradient loss, long seed) {
    Centring centring = Centring.of(train.embeddings());
    Random random = new Random(seed);
    HeadTrainer trainer =
        new HeadTrainer(
            centring.apply(train.embeddings()), train.rewards(), units, kind, loss, random);
    int[] order = Permutation.of(train.size(), seed);
    int next = 0;
    for (int step = 1; step <= STEPS; step++) {
      for (int b = 0; b < Math.min(BATCH, order.length); b++) {
        if (next == order.length) {
          order = Permutation.of(order.length, random.nextLong());
          next = 0;
        }
        trainer.accumulate(order[next++]);
      }
      trainer.step(step);
    }
    return new Head(
        centring,
        trainer.hidden == null ? null : trainer.hidden.rows(),
        kind == Output.COSINE ? trainer.output.unitRows() : trainer.output.rows());
  }

  private void step(int step) {
    if (hidden != null) {
      hidden.step(step);
    }
    output.step(step);
  }

  private void accumulate(int query) {
    if (!graded(rewards[query])) {
      return;
    }
    float[] last = hidden == null ? x[query] : activations(hidden, x[query]);
    double[] outputs = new double[output.values.length];
    double[] lengths = new double[outputs.length];
    for (int t = 0; t < outputs.length; t++) {
      lengths[t] = kind == Output.COSINE ? output.length(t) / COSINE_SCALE : 1;
      outputs[t] = output.dot(t, last) / lengths[t];
    }
    double[] gradient = new double[outputs.length];
    loss.write(outputs, rewards[query], gradient);
    double[] back = new double[last.length];
    for (int t = 0; t < gradient.length; t++) {
      float scale = (float) (gradient[t] / lengths[t]);
      if (hidden != null) {
        output.addTo(back, t, gradient[t]);
      }
      output.accumulate(t, scale, last);
      if (kind == Output.COSINE) {
        double length = output.length(t);
        output.accumulate(
            t, (float) (-gradient[t] * outputs[t] / (length * length)), output.values[t]);
      }
    }
    if (hidden != null) {
      for (int u = 0; u < back.length; u++) {
        hidden.accumulate(u, (float) (back[u] * (1 - last[u] * last[u])), x[query]);
      }
    }
  }

  private static float[] activations(Weights hidden, float[] x) {
    float[] activations = new float[hidden.values.length];
    for (int u = 0; u < activations.length; u++) {
      activations[u] = (float) Math.tanh(hidden.dot(u, x));
    }
    return activations;
  }

  private static boolean graded(float[] rewards) {
    for (float reward : rewards) {
      if (!Float.isNaN(reward)) {
        return true;
      }
    }
    return false;
  }

  /** One weight matrix with its AdamW state. */
  private static final class Weights {
    private static final float LEARNING_RATE = 2e-3f;
    private static final float WEIGHT_DECAY = 1e-2f;
    private static final float FIRST_DECAY = 0.9f;
    private static final float SECOND_DECAY = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final float[][] values;
    private final float[][] gradient;
    private final float[][] first;
    private final float[][] second;

    Weights(int rows, int columns, Random random) {
      values = new float[rows][columns];
      gradient = new float[rows][columns];
      first = new float[rows][columns];
      second = new float[rows][columns];
      for (float[] row : values) {
        for (int k = 0; k < columns; k++) {
          row[k] = (float) (random.nextGaussian() / Math.sqrt(columns));
        }
      }
    }

    double dot(int row, float[] vector) {
      float[] weights = values[row];
      float even = 0;
      float odd = 0;
      int k = 0;
      for (; k + 1 < vector.length; k += 2) {
        even += weights[k] * vector[k];
        odd += weights[k + 1] * vector[k + 1];
      }
      return k < vector.length ? even + odd + weights[k] * vector[k] : even + odd;
    }

    double length(int row) {
      return Math.max(Math.sqrt(dot(row, values[row])), 1e-9);
    }

    void addTo(double[] sum, int row, double factor) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += factor * values[row][k];
      }
    }

    void accumulate(int row, float factor, float[] vector) {
      float[] sum = gradient[row];
      for (int k = 0; k < sum.length; k++) {
        sum[k] += factor * vector[k];
      }
    }

    void step(int step) {
      float firstScale = (float) (1 - Math.pow(FIRST_DECAY, step));
      float secondScale = (float) (1 - Math.pow(SECOND_DECAY, step));
      for (int i = 0; i < values.length; i++) {
        for (int k = 0; k < values[i].length; k++) {
          float g = gradient[i][k] / BATCH;
          gradient[i][k] = 0;
          first[i][k] = FIRST_DECAY * first[i][k] + (1 - FIRST_DECAY) * g;
          second[i][k] = SECOND_DECAY * second[i][k] + (1 - SECOND_DECAY) * g * g;
          float direction =
              (first[i][k] / firstScale)
                  / ((float) Math.sqrt(second[i][k] / secondScale) + EPSILON);
          values[i][k] -= LEARNING_RATE * (direction + WEIGHT_DECAY * values[i][k]);
        }
      }
    }

    float[][] rows() {
      return values;
    }

    float[][] unitRows() {
      for (int i = 0; i < values.length; i++) {
        float scale = (float) (1 / length(i));
        for (int k = 0; k < values[i].length; k++) {
          values[i][k] *= scale;
        }
      }
      return values;
    }
  }
}
