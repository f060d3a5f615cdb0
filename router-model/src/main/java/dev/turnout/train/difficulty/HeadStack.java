package dev.turnout.train.difficulty;

import dev.turnout.math.Cholesky;
import dev.turnout.math.Logistic;

/**
 * How much each prediction counts for each LLM: logistic regression whose coefficients are common
 * to all LLMs plus what an LLM deviates, which is shrunk, so that an LLM with few grades does as
 * the others do.
 *
 * @param coefficients {@code double[llms][inputs + 1]}, the last one is the intercept
 */
record HeadStack(double[][] coefficients) {
  private static final int NEWTON_STEPS = 25;
  private static final double COMMON_PENALTY = 1;
  private static final double COMMON_INTERCEPT_PENALTY = 1e-3;
  private static final double DEVIATION_PENALTY = 30;
  private static final double INTERCEPT_DEVIATION_PENALTY = 1;
  private static final double LEAST_CURVATURE = 1e-4;

  /**
   * Fits by Newton's method on the cross-entropy.
   *
   * @param inputs out-of-fold predictions, {@code double[queries][llms][inputs]}, in logits or so
   * @param rewards {@code float[queries][llms]}, NaN = not graded
   * @param weights importance of each query
   */
  static HeadStack fit(double[][][] inputs, float[][] rewards, double[] weights) {
    int llms = rewards[0].length;
    int width = inputs[0][0].length + 1;
    double[] parameters = new double[(llms + 1) * width];
    for (int step = 0; step < NEWTON_STEPS; step++) {
      double[] gradient = new double[parameters.length];
      double[][] curvature = new double[parameters.length][parameters.length];
      for (int j = 0; j < parameters.length; j++) {
        double penalty = penalty(j, width);
        gradient[j] = -penalty * parameters[j];
        curvature[j][j] = penalty;
      }
      for (int i = 0; i < rewards.length; i++) {
        for (int t = 0; t < llms && weights[i] > 0; t++) {
          if (!Float.isNaN(rewards[i][t])) {
            int own = (t + 1) * width;
            add(inputs[i][t], rewards[i][t], weights[i], parameters, own, gradient, curvature);
          }
        }
      }
      mirror(curvature, width);
      double[] move = Cholesky.of(curvature).solve(gradient);
      double largest = 0;
      for (int j = 0; j < parameters.length; j++) {
        parameters[j] += move[j];
        largest = Math.max(largest, Math.abs(move[j]));
      }
      if (largest < 1e-7) {
        break;
      }
    }
    double[][] coefficients = new double[llms][width];
    for (int t = 0; t < llms; t++) {
      for (int j = 0; j < width; j++) {
        coefficients[t][j] = parameters[j] + parameters[(t + 1) * width + j];
      }
    }
    return new HeadStack(coefficients);
  }

  private static double penalty(int parameter, int width) {
    boolean intercept = parameter % width == width - 1;
    if (parameter < width) {
      return intercept ? COMMON_INTERCEPT_PENALTY : COMMON_PENALTY;
    }
    return intercept ? INTERCEPT_DEVIATION_PENALTY : DEVIATION_PENALTY;
  }

  private static void add(
      double[] input,
      double reward,
      double weight,
      double[] parameters,
      int own,
      double[] gradient,
      double[][] curvature) {
    int width = input.length + 1;
    double logit = 0;
    for (int j = 0; j < width; j++) {
      logit += (parameters[j] + parameters[own + j]) * at(input, j);
    }
    double success = Logistic.sigmoid(logit);
    double slope = weight * Math.max(LEAST_CURVATURE, success * (1 - success));
    for (int j = 0; j < width; j++) {
      double pull = weight * (reward - success) * at(input, j);
      gradient[j] += pull;
      gradient[own + j] += pull;
      for (int k = 0; k < width; k++) {
        // the block of the LLM alone; the common blocks are sums of these
        curvature[own + j][own + k] += slope * at(input, j) * at(input, k);
      }
    }
  }

  /** The common block is the sum of the LLMs' blocks, and so is what joins them. */
  private static void mirror(double[][] curvature, int width) {
    for (int own = width; own < curvature.length; own += width) {
      for (int j = 0; j < width; j++) {
        for (int k = 0; k < width; k++) {
          double joint = curvature[own + j][own + k] - (j == k ? penalty(own + j, width) : 0);
          curvature[j][k] += joint;
          curvature[j][own + k] = joint;
          curvature[own + k][j] = joint;
        }
      }
    }
  }

  private static double at(double[] input, int j) {
    return j < input.length ? input[j] : 1;
  }
}
