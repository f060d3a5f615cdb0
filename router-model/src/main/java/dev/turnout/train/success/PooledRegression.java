package dev.turnout.train.success;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.turnout.math.Cholesky;
import dev.turnout.math.TensorEngine;
import dev.turnout.model.CellBank;
import dev.turnout.model.QueryFeatures;
import dev.turnout.train.TrainingOptions;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Regression that pools noisy single grades: first the mean of each target per cell, shrunk towards
 * 0 by {@link CellGrades#shrinkage} and averaged over the banks, then ridge regression of what the
 * cells leave on x. Each target uses only the queries that have it, so a missing grade is neither
 * good nor bad.
 *
 * <p>What the ridge regression factors depends on which queries a target has, not on its values, so
 * targets with the same queries share it, and one that lacks a few queries takes these off the sums
 * of all. Confined to one thread.
 */
final class PooledRegression {
  /** Beyond so many different sets of queries the factors of a set are made anew each time. */
  private static final int MOST_KEPT = 16;

  private final QueryFeatures features;
  private final double ridge;
  private final double smoothing;
  private final float[][] phi;
  private final double[] weights;
  private final BitSet counted;
  private final Map<BitSet, Cholesky> factors = new HashMap<>();
  private double @Nullable [][] products;

  /**
   * For targets of some queries.
   *
   * @param phi {@code float[queries][features]}
   * @param weights importance of each query, >= 0; 0 leaves it out
   */
  PooledRegression(
      QueryFeatures features, TrainingOptions options, float[][] phi, double[] weights) {
    this.features = features;
    this.ridge = options.ridge();
    this.smoothing = options.smoothing();
    this.phi = phi;
    this.weights = weights;
    this.counted = new BitSet(weights.length);
    for (int i = 0; i < weights.length; i++) {
      counted.set(i, weights[i] > 0);
    }
  }

  /**
   * Fits all targets.
   *
   * @param targets {@code double[targets][queries]}, NaN = missing
   * @return {@code double[targets][features]}; the weight of the constant is 0
   */
  double[][] fit(double[][] targets) {
    double[][] coefficients = new double[targets.length][features.size()];
    double[][] residuals = withoutCellMeans(targets, coefficients);
    for (int t = 0; t < targets.length; t++) {
      BitSet present = present(targets[t]);
      if (Double.isFinite(ridge) && !present.isEmpty()) {
        double[] ofX = ridge(present, residuals[t]);
        System.arraycopy(ofX, 0, coefficients[t], 0, ofX.length);
      }
    }
    return coefficients;
  }

  private BitSet present(double[] target) {
    BitSet present = (BitSet) counted.clone();
    for (int i = 0; i < target.length; i++) {
      if (Double.isNaN(target[i])) {
        present.clear(i);
      }
    }
    return present;
  }

  /** Writes the cells' shrunk means as coefficients and returns what they leave of the targets. */
  private double[][] withoutCellMeans(double[][] targets, double[][] coefficients) {
    int offset = features.dimension();
    double[][] residuals = new double[targets.length][];
    for (int t = 0; t < targets.length; t++) {
      residuals[t] = targets[t].clone();
    }
    for (CellBank bank : features.banks()) {
      CellGrades[][] cells = cells(targets, memberships(offset, bank));
      double shrinkage = CellGrades.shrinkage(cells);
      for (int t = 0; t < targets.length; t++) {
        for (int c = 0; c < bank.cells(); c++) {
          double mean = cells[t][c].mean(shrinkage, smoothing);
          coefficients[t][offset + c] = mean;
          for (int i = 0; i < phi.length; i++) {
            residuals[t][i] -= mean * phi[i][offset + c];
          }
        }
      }
      offset += bank.cells();
    }
    return residuals;
  }

  private static CellGrades[][] cells(double[][] targets, double[][] membership) {
    CellGrades[][] cells = new CellGrades[targets.length][membership.length];
    for (int t = 0; t < targets.length; t++) {
      for (int c = 0; c < membership.length; c++) {
        cells[t][c] = CellGrades.of(targets[t], membership[c]);
      }
    }
    return cells;
  }

  /** How much each query counts in each cell: {@code double[cells][queries]}. */
  private double[][] memberships(int offset, CellBank bank) {
    double[][] membership = new double[bank.cells()][phi.length];
    for (int c = 0; c < membership.length; c++) {
      for (int i = 0; i < phi.length; i++) {
        membership[c][i] = Math.max(0, weights[i] * phi[i][offset + c] / bank.weight());
      }
    }
    return membership;
  }

  /** Weights on x, {@code double[dimension]}. */
  private double[] ridge(BitSet present, double[] residual) {
    double[] moments = new double[features.dimension()];
    for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
      addScaled(weights[i] * residual[i], phi[i], moments);
    }
    Cholesky known = factors.get(present);
    if (known == null) {
      known = Cholesky.of(productsOf(present), ridge);
      if (factors.size() < MOST_KEPT) {
        factors.put(present, known);
      }
    }
    return known.solve(moments);
  }

  /** Weighted sums of the products of x with itself, {@code double[dimension][dimension]}. */
  private double[][] productsOf(BitSet present) {
    BitSet missing = (BitSet) counted.clone();
    missing.andNot(present);
    if (missing.cardinality() >= features.dimension()
        || missing.cardinality() >= present.cardinality()) {
      return multiplied(present);
    }
    double[][] all = products == null ? multiplied(counted) : products;
    products = all;
    double[][] sums = new double[all.length][];
    for (int j = 0; j < sums.length; j++) {
      sums[j] = all[j].clone();
    }
    for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
      for (int j = 0; j < sums.length; j++) {
        addScaled(-weights[i] * phi[i][j], phi[i], sums[j]);
      }
    }
    return sums;
  }

  private double[][] multiplied(BitSet present) {
    int rows = present.cardinality();
    int dimension = features.dimension();
    double[] x = new double[Math.multiplyExact(rows, dimension)];
    int row = 0;
    for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
      double root = Math.sqrt(weights[i]);
      for (int j = 0; j < dimension; j++) {
        x[row * dimension + j] = root * phi[i][j];
      }
      row++;
    }
    double[][] sums = new double[dimension][dimension];
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray matrix = manager.create(x, new Shape(rows, dimension));
      double[] flat = matrix.transpose().matMul(matrix).toDoubleArray();
      for (int j = 0; j < dimension; j++) {
        System.arraycopy(flat, j * dimension, sums[j], 0, dimension);
      }
    }
    return sums;
  }

  private static void addScaled(double factor, float[] x, double[] sums) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += factor * x[j];
    }
  }
}
