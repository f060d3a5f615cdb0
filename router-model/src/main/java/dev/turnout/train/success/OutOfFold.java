package dev.turnout.train.success;

import dev.turnout.train.Progress;
import java.util.function.Function;

/**
 * Predictions for training queries by weights that were fitted without them, so that calibration
 * sees errors as they will be in service.
 *
 * @param advantages {@code double[queries][llms]}
 * @param easiness {@code double[queries]}
 */
public record OutOfFold(double[][] advantages, double[] easiness) {

  /**
   * Fits once a fold.
   *
   * @param fit from importance weights, 0 for the queries held out, to the fitted weights
   * @param fold fold of each query
   */
  public static OutOfFold predict(
      float[][] phi,
      double[] weights,
      int[] fold,
      int folds,
      Function<double[], SuccessWeights> fit,
      Progress progress) {
    double[][] advantages = new double[phi.length][];
    double[] easiness = new double[phi.length];
    for (int f = 0; f < folds; f++) {
      progress.report("out-of-fold predictions", (double) f / folds);
      double[] kept = weights.clone();
      for (int i = 0; i < kept.length; i++) {
        kept[i] = fold[i] == f ? 0 : kept[i];
      }
      SuccessWeights fitted = fit.apply(kept);
      for (int i = 0; i < phi.length; i++) {
        if (fold[i] == f) {
          float[][] one = {phi[i]};
          advantages[i] = fitted.advantages(one)[0];
          easiness[i] = fitted.easiness(one)[0];
        }
      }
    }
    progress.report("out-of-fold predictions", 1);
    return new OutOfFold(advantages, easiness);
  }
}
