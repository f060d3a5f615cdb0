package dev.turnout.belief;

import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;
import java.util.List;

/** Prior covariance between the cells of a model: near cells resemble each other. */
final class CellGeometry {
  private CellGeometry() {}

  /**
   * Prior covariance of one LLM's deviations over the cells, bank by bank.
   *
   * @return {@code double[cells][cells]} for every bank, symmetric positive definite; one bank of
   *     one cell for a model without
   */
  static List<double[][]> covariances(RouterModel model, LearningSettings settings) {
    if (model.features().banks().isEmpty()) {
      double alone =
          square(settings.llmDeviation())
              + square(settings.regionDeviation())
              + square(settings.cellDeviation());
      return List.<double[][]>of(new double[][] {{alone}});
    }
    return model.features().banks().stream()
        .map(bank -> covariance(bank.centroids(), settings))
        .toList();
  }

  private static double[][] covariance(Matrix centroids, LearningSettings settings) {
    double common = square(settings.llmDeviation());
    double region = square(settings.regionDeviation());
    double own = square(settings.cellDeviation());
    int cells = centroids.rows();
    double[][] covariance = new double[cells][cells];
    for (int c = 0; c < cells; c++) {
      for (int d = 0; d < cells; d++) {
        double squared = 0;
        for (int j = 0; j < centroids.columns(); j++) {
          squared += square((double) centroids.at(c, j) - centroids.at(d, j));
        }
        covariance[c][d] =
            common
                + region * StrictMath.exp(-squared / (2 * square(settings.regionLength())))
                + (c == d ? own : 0);
      }
    }
    return covariance;
  }

  private static double square(double value) {
    return value * value;
  }
}
