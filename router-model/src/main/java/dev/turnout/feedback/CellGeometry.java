package dev.turnout.feedback;

import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;

/** Prior covariance between the cells of a model: near cells resemble each other. */
final class CellGeometry {
  private CellGeometry() {}

  /**
   * Prior covariance of one LLM's deviations over the cells.
   *
   * @return {@code double[cells][cells]}, symmetric positive definite; one cell for a model without
   */
  static double[][] covariance(RouterModel model, LearningSettings settings) {
    double common = square(settings.llmDeviation());
    double region = square(settings.regionDeviation());
    double own = square(settings.cellDeviation());
    if (model.features().cells() == 0) {
      return new double[][] {{common + region + own}};
    }
    Matrix centroids = model.features().banks().get(0).centroids();
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
