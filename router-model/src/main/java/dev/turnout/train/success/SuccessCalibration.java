package dev.turnout.train.success;

import dev.turnout.math.Cholesky;
import dev.turnout.math.Logistic;
import dev.turnout.math.Vectors;
import java.util.Arrays;

/**
 * Platt scaling shared by all LLMs: {@code success = sigmoid(slope * advantage + ease * easiness +
 * intercept)}. Being shared, it never contradicts the ranking by score; differences between LLMs
 * are in the advantages already.
 */
public record SuccessCalibration(double slope, double ease, double intercept) {
  private static final int NEWTON_STEPS = 30;
  private static final double RIDGE = 1e-3;

  /**
   * Fits to grades by Newton's method on the cross-entropy.
   *
   * @param predicted out-of-fold predictions
   * @param rewards {@code float[queries][llms]}, NaN = not graded
   * @param weights importance of each query
   */
  public static SuccessCalibration fit(OutOfFold predicted, float[][] rewards, double[] weights) {
    double[] parameters = {1, 1, 0};
    for (int step = 0; step < NEWTON_STEPS; step++) {
      double[] gradient = new double[3];
      double[][] curvature = new double[3][3];
      for (int j = 0; j < 3; j++) {
        gradient[j] = -RIDGE * parameters[j];
        curvature[j][j] = RIDGE;
      }
      for (int i = 0; i < rewards.length; i++) {
        for (int t = 0; t < rewards[i].length; t++) {
          if (Float.isNaN(rewards[i][t]) || weights[i] == 0) {
            continue;
          }
          double[] input = {predicted.advantages()[i][t], predicted.easiness()[i], 1};
          double success = Logistic.sigmoid(Vectors.dot(parameters, input));
          for (int j = 0; j < 3; j++) {
            gradient[j] += weights[i] * (rewards[i][t] - success) * input[j];
            for (int k = 0; k < 3; k++) {
              curvature[j][k] += weights[i] * success * (1 - success) * input[j] * input[k];
            }
          }
        }
      }
      double[] move = Cholesky.of(curvature).solve(gradient);
      double largest = 0;
      for (int j = 0; j < 3; j++) {
        parameters[j] += move[j];
        largest = Math.max(largest, Math.abs(move[j]));
      }
      if (largest < 1e-9) {
        break;
      }
    }
    return new SuccessCalibration(Math.max(0, parameters[0]), parameters[1], parameters[2]);
  }

  /** Calibrated success of held-out queries: {@code double[queries][llms]}. */
  public double[][] success(OutOfFold held) {
    double[][] success = new double[held.easiness().length][];
    for (int i = 0; i < success.length; i++) {
      double easiness = held.easiness()[i];
      success[i] =
          Arrays.stream(held.advantages()[i]).map(advantage -> of(advantage, easiness)).toArray();
    }
    return success;
  }

  /** Calibrated success. */
  double of(double advantage, double easiness) {
    return Logistic.sigmoid(slope * advantage + ease * easiness + intercept);
  }

  /**
   * Expected calibration error over ten equally wide bins, weighted by their size.
   *
   * @return 0..1
   */
  public double expectedError(OutOfFold predicted, float[][] rewards) {
    int bins = 10;
    double[] success = new double[bins];
    double[] reward = new double[bins];
    double count = 0;
    for (int i = 0; i < rewards.length; i++) {
      for (int t = 0; t < rewards[i].length; t++) {
        if (!Float.isNaN(rewards[i][t])) {
          double p = of(predicted.advantages()[i][t], predicted.easiness()[i]);
          int bin = Math.min(bins - 1, (int) (p * bins));
          success[bin] += p;
          reward[bin] += rewards[i][t];
          count++;
        }
      }
    }
    double error = 0;
    for (int b = 0; b < bins; b++) {
      error += Math.abs(success[b] - reward[b]);
    }
    return count == 0 ? 0 : error / count;
  }
}
