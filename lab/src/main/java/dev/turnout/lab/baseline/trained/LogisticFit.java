package dev.turnout.lab.baseline.trained;

import dev.turnout.lab.baseline.neighbour.DotProducts;
import dev.turnout.math.Cholesky;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Logistic regressions of every LLM's reward on the same features, with a quadratic penalty. The
 * curvature is replaced by its upper bound (Böhning 1992), which is the same for all LLMs and
 * steps, so that one factorisation serves them all.
 */
public final class LogisticFit {
  private static final double[] PENALTIES = {0.1, 1, 10};
  private static final int SAMPLE = 2500;
  private static final int STEPS = 30;
  private static final int CHECKED_OF = 5;
  private static final double SURE = 1e-6;

  private final float[][] weights;

  private LogisticFit(float[][] weights) {
    this.weights = weights;
  }

  /**
   * Fits; the penalty is chosen by the log-loss on a held-out fifth of some training queries.
   *
   * @param features {@code float[queries][features]} of order 1; a constant is added
   * @param rewards {@code float[queries][llms]}, NaN where not graded
   */
  public static LogisticFit of(float[][] features, float[][] rewards) {
    int[] order = IntStream.range(0, features.length).toArray();
    int step = Math.max(1, features.length / SAMPLE);
    int[] rest =
        Arrays.stream(order).filter(i -> i % step == 0 && i / step % CHECKED_OF != 0).toArray();
    int[] held =
        Arrays.stream(order).filter(i -> i % step == 0 && i / step % CHECKED_OF == 0).toArray();
    double best = Double.POSITIVE_INFINITY;
    double chosen = 1;
    for (double penalty : PENALTIES) {
      double loss =
          rest.length == 0
              ? 0
              : fit(rows(features, rest), rows(rewards, rest), penalty)
                  .loss(rows(features, held), rows(rewards, held));
      if (loss < best) {
        best = loss;
        chosen = penalty;
      }
    }
    return fit(features, rewards, chosen);
  }

  /** Fits with a given penalty. */
  public static LogisticFit fit(float[][] features, float[][] rewards, double penalty) {
    float[][] x = withConstant(features);
    int width = x[0].length;
    float[][] columns = new float[width][x.length];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < width; k++) {
        columns[k][i] = x[i][k];
      }
    }
    float[][] products = DotProducts.of(columns, columns);
    double[][] bound = new double[width][width];
    for (int k = 0; k < width; k++) {
      for (int j = 0; j < width; j++) {
        bound[k][j] = products[k][j] / 4;
      }
    }
    Cholesky curvature = Cholesky.of(bound, penalty);
    int llms = rewards[0].length;
    float[][] weights =
        IntStream.range(0, llms)
            .parallel()
            .mapToObj(t -> descend(x, rewards, t, curvature, penalty))
            .toArray(float[][]::new);
    return new LogisticFit(weights);
  }

  /** Probability of success, {@code double[queries][llms]}. */
  public double[][] predict(float[][] features) {
    float[][] x = withConstant(features);
    return Arrays.stream(x)
        .parallel()
        .map(row -> Arrays.stream(weights).mapToDouble(w -> sigmoid(dot(w, row))).toArray())
        .toArray(double[][]::new);
  }

  private double loss(float[][] features, float[][] rewards) {
    double[][] predicted = predict(features);
    double loss = 0;
    for (int i = 0; i < predicted.length; i++) {
      for (int t = 0; t < weights.length; t++) {
        double p = Math.min(1 - SURE, Math.max(SURE, predicted[i][t]));
        double reward = rewards[i][t];
        loss -= Double.isNaN(reward) ? 0 : reward * Math.log(p) + (1 - reward) * Math.log(1 - p);
      }
    }
    return loss;
  }

  private static float[] descend(
      float[][] x, float[][] rewards, int llm, Cholesky curvature, double penalty) {
    int width = x[0].length;
    float[] weights = new float[width];
    for (int step = 0; step < STEPS; step++) {
      double[] gradient = new double[width];
      for (int i = 0; i < x.length; i++) {
        double reward = rewards[i][llm];
        if (!Double.isNaN(reward)) {
          add(gradient, reward - sigmoid(dot(weights, x[i])), x[i]);
        }
      }
      for (int k = 0; k < width; k++) {
        gradient[k] -= penalty * weights[k];
      }
      double[] move = curvature.solve(gradient);
      for (int k = 0; k < width; k++) {
        weights[k] += (float) move[k];
      }
    }
    return weights;
  }

  private static void add(double[] sums, double factor, float[] row) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += factor * row[k];
    }
  }

  private static double dot(float[] weights, float[] row) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * row[k];
    }
    return sum;
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  private static float[][] rows(float[][] all, int[] positions) {
    return Arrays.stream(positions).mapToObj(i -> all[i]).toArray(float[][]::new);
  }

  private static float[][] withConstant(float[][] features) {
    return Arrays.stream(features)
        .map(
            row -> {
              float[] longer = Arrays.copyOf(row, row.length + 1);
              longer[row.length] = 1;
              return longer;
            })
        .toArray(float[][]::new);
  }
}
