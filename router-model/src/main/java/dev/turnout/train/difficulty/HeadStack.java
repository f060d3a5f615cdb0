package dev.turnout.train.difficulty;

import dev.turnout.math.Cholesky;
import dev.turnout.math.Logistic;
import java.util.Arrays;
import java.util.List;

/**
 * How much each prediction counts for each LLM: logistic regression whose coefficients are common
 * to all LLMs plus what an LLM deviates, which is shrunk, so that an LLM with few grades does as
 * the others do. LLMs meet in the common coefficients alone, so a step of Newton's method solves a
 * small system for each of them and one for all.
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
   * @param llms number of LLMs
   * @param grades at least one, all with as many inputs
   */
  static HeadStack fit(int llms, List<GradedInput> grades) {
    int width = grades.get(0).inputs().length + 1;
    double[] common = new double[width];
    double[][] deviations = new double[llms][width];
    for (int step = 0; step < NEWTON_STEPS; step++) {
      Step next = new Step(common, deviations);
      for (GradedInput grade : grades) {
        if (grade.weight() > 0) {
          next.add(grade);
        }
      }
      if (next.move() < 1e-7) {
        break;
      }
    }
    for (double[] own : deviations) {
      for (int j = 0; j < width; j++) {
        own[j] += common[j];
      }
    }
    return new HeadStack(deviations);
  }

  /** The logit of success that the inputs give an LLM. */
  double logit(int llm, double[] inputs) {
    double[] own = coefficients[llm];
    double logit = own[inputs.length];
    for (int j = 0; j < inputs.length; j++) {
      logit += own[j] * inputs[j];
    }
    return logit;
  }

  /** One step: the slope and curvature of the loss, block by block, and the move that they give. */
  private static final class Step {
    private final double[] common;
    private final double[][] deviations;
    private final double[][] gradient;
    private final double[][][] curvature;
    private final int width;

    Step(double[] common, double[][] deviations) {
      this.common = common;
      this.deviations = deviations;
      this.width = common.length;
      this.gradient = new double[deviations.length][width];
      this.curvature = new double[deviations.length][width][width];
    }

    void add(GradedInput grade) {
      double[] input = Arrays.copyOf(grade.inputs(), width);
      input[width - 1] = 1;
      double[] own = deviations[grade.llm()];
      double logit = 0;
      for (int j = 0; j < width; j++) {
        logit += (common[j] + own[j]) * input[j];
      }
      double success = Logistic.sigmoid(logit);
      double slope = grade.weight() * Math.max(LEAST_CURVATURE, success * (1 - success));
      for (int j = 0; j < width; j++) {
        gradient[grade.llm()][j] += grade.weight() * (grade.reward() - success) * input[j];
        for (int k = 0; k < width; k++) {
          curvature[grade.llm()][j][k] += slope * input[j] * input[k];
        }
      }
    }

    /** Moves the parameters; returns by how much at most. */
    double move() {
      double[][] left = new double[width][width];
      double[] pull = new double[width];
      for (int j = 0; j < width; j++) {
        double penalty = j == width - 1 ? COMMON_INTERCEPT_PENALTY : COMMON_PENALTY;
        left[j][j] = penalty;
        pull[j] = -penalty * common[j];
      }
      double[][] towards = new double[deviations.length][];
      double[][][] following = new double[deviations.length][width][];
      for (int t = 0; t < deviations.length; t++) {
        double[][] data = curvature[t];
        double[][] penalised = new double[width][];
        double[] ownPull = gradient[t].clone();
        for (int j = 0; j < width; j++) {
          double penalty = j == width - 1 ? INTERCEPT_DEVIATION_PENALTY : DEVIATION_PENALTY;
          penalised[j] = data[j].clone();
          penalised[j][j] += penalty;
          ownPull[j] -= penalty * deviations[t][j];
        }
        Cholesky block = Cholesky.of(penalised);
        towards[t] = block.solve(ownPull);
        for (int j = 0; j < width; j++) {
          following[t][j] = block.solve(data[j]);
        }
        for (int j = 0; j < width; j++) {
          pull[j] += gradient[t][j];
          for (int k = 0; k < width; k++) {
            pull[j] -= data[j][k] * towards[t][k];
            left[j][k] += data[j][k];
            for (int m = 0; m < width; m++) {
              left[j][k] -= data[j][m] * following[t][k][m];
            }
          }
        }
      }
      double[] shared = Cholesky.of(left).solve(pull);
      double largest = 0;
      for (int j = 0; j < width; j++) {
        common[j] += shared[j];
        largest = Math.max(largest, Math.abs(shared[j]));
      }
      for (int t = 0; t < deviations.length; t++) {
        for (int j = 0; j < width; j++) {
          double own = towards[t][j];
          for (int k = 0; k < width; k++) {
            own -= following[t][k][j] * shared[k];
          }
          deviations[t][j] += own;
          largest = Math.max(largest, Math.abs(own));
        }
      }
      return largest;
    }
  }
}
