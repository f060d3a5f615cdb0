package dev.turnout.train.success;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.turnout.math.TensorEngine;
import dev.turnout.model.CellBank;
import dev.turnout.model.QueryFeatures;
import dev.turnout.train.TrainingOptions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Regression that pools noisy single grades: first the mean of each target per cell, averaged over
 * the banks, then ridge regression of what the cells leave on x. Each target uses only the queries
 * that have it, so a missing grade is neither good nor bad.
 */
final class PooledRegression {
  private final QueryFeatures features;
  private final double ridge;
  private final double smoothing;

  PooledRegression(QueryFeatures features, TrainingOptions options) {
    this.features = features;
    this.ridge = options.ridge();
    this.smoothing = options.smoothing();
  }

  /**
   * Fits all targets.
   *
   * @param phi {@code float[queries][features]}
   * @param targets {@code double[targets][queries]}, NaN = missing
   * @param weights importance of each query, >= 0
   * @return {@code double[targets][features]}; the weight of the constant is 0
   */
  double[][] fit(float[][] phi, double[][] targets, double[] weights) {
    double[][] coefficients = new double[targets.length][features.size()];
    Map<BitSet, List<Integer>> byMask = new LinkedHashMap<>();
    double[][] residuals = new double[targets.length][];
    for (int t = 0; t < targets.length; t++) {
      residuals[t] = withoutCellMeans(phi, targets[t], weights, coefficients[t]);
      byMask.computeIfAbsent(present(targets[t], weights), mask -> new ArrayList<>()).add(t);
    }
    if (Double.isFinite(ridge)) {
      byMask.forEach(
          (mask, sharing) -> addRidge(phi, mask, sharing, residuals, weights, coefficients));
    }
    return coefficients;
  }

  private static BitSet present(double[] target, double[] weights) {
    BitSet mask = new BitSet(target.length);
    for (int i = 0; i < target.length; i++) {
      mask.set(i, weights[i] > 0 && !Double.isNaN(target[i]));
    }
    return mask;
  }

  /** Writes the cells' means as coefficients and returns what they leave of the target. */
  private double[] withoutCellMeans(
      float[][] phi, double[] target, double[] weights, double[] coefficients) {
    int offset = features.dimension();
    double[] residual = target.clone();
    for (CellBank bank : features.banks()) {
      for (int c = offset; c < offset + bank.cells(); c++) {
        double sum = 0;
        double mass = smoothing;
        for (int i = 0; i < phi.length; i++) {
          if (phi[i][c] > 0 && weights[i] > 0 && !Double.isNaN(target[i])) {
            double membership = weights[i] * phi[i][c] / bank.weight();
            sum += membership * target[i];
            mass += membership;
          }
        }
        coefficients[c] = mass > 0 ? sum / mass : 0;
        for (int i = 0; i < phi.length; i++) {
          residual[i] -= coefficients[c] * phi[i][c];
        }
      }
      offset += bank.cells();
    }
    return residual;
  }

  private void addRidge(
      float[][] phi,
      BitSet mask,
      List<Integer> sharing,
      double[][] residuals,
      double[] weights,
      double[][] coefficients) {
    int rows = mask.cardinality();
    if (rows == 0) {
      return;
    }
    int dimension = features.dimension();
    double[] x = new double[Math.multiplyExact(rows, dimension)];
    double[] y = new double[rows * sharing.size()];
    int row = 0;
    for (int i = mask.nextSetBit(0); i >= 0; i = mask.nextSetBit(i + 1)) {
      double root = Math.sqrt(weights[i]);
      for (int j = 0; j < dimension; j++) {
        x[row * dimension + j] = root * phi[i][j];
      }
      for (int k = 0; k < sharing.size(); k++) {
        y[row * sharing.size() + k] = root * residuals[sharing.get(k)][i];
      }
      row++;
    }
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray matrix = manager.create(x, new Shape(rows, dimension));
      NDArray turned = matrix.transpose();
      NDArray penalty = manager.eye(dimension, dimension, 0, DataType.FLOAT64).mul(ridge);
      NDArray gram = turned.matMul(matrix).add(penalty);
      NDArray moments = turned.matMul(manager.create(y, new Shape(rows, sharing.size())));
      double[] solution = gram.inverse().matMul(moments).toDoubleArray();
      for (int k = 0; k < sharing.size(); k++) {
        double[] target = coefficients[sharing.get(k)];
        for (int j = 0; j < dimension; j++) {
          target[j] += solution[j * sharing.size() + k];
        }
      }
    }
  }
}
