package dev.turnout.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.turnout.belief.StopSignal;
import dev.turnout.math.Folds;
import dev.turnout.math.TensorEngine;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Fits the guard: the leading principal subspace of four fifths of the training queries by subspace
 * iteration, and a quantile of the distances of the rest.
 */
public final class GuardFit {
  private static final int RANK = 16;
  private static final int ITERATIONS = 12;
  private static final int HELD_OUT_OF = 5;

  private GuardFit() {}

  /**
   * Fits on centred query vectors.
   *
   * @param x {@code float[queries][dimension]}
   * @param quantile share of held-out queries within the threshold, 0..1
   */
  public static Guard fit(float[][] x, double quantile, SplittableRandom random) {
    return fit(x, quantile, random, StopSignal.never());
  }

  /** The same, asking between the iterations whether to go on. */
  public static Guard fit(float[][] x, double quantile, SplittableRandom random, StopSignal stop) {
    int[] order = Folds.shuffled(x.length, random);
    int held = Math.max(1, x.length / HELD_OUT_OF);
    float[][] kept = new float[Math.max(1, x.length - held)][];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = x[order[(held + i) % x.length]];
    }
    Matrix subspace = subspace(kept, random, stop);
    double[] distances = new double[held];
    for (int i = 0; i < held; i++) {
      distances[i] = distance(x[order[i]], subspace);
    }
    Arrays.sort(distances);
    int rank = (int) Math.ceil(quantile * held) - 1;
    return new Guard(subspace, distances[Math.max(0, Math.min(held - 1, rank))]);
  }

  private static Matrix subspace(float[][] x, SplittableRandom random, StopSignal stop) {
    int dimension = x[0].length;
    int rank = Math.max(1, Math.min(RANK, Math.min(dimension / 2, x.length)));
    double[][] basis = new double[rank][dimension];
    for (double[] row : basis) {
      for (int j = 0; j < dimension; j++) {
        row[j] = random.nextDouble() - 0.5;
      }
    }
    orthonormalise(basis, random);
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray matrix = TensorEngine.matrix(manager, x);
      NDArray gram = matrix.transpose().matMul(matrix);
      for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        stop.check();
        float[][] rows = narrowed(basis);
        try (NDManager scratch = manager.newSubManager()) {
          NDArray moved = TensorEngine.matrix(scratch, rows).matMul(gram);
          float[] flat = moved.toFloatArray();
          for (int r = 0; r < rank; r++) {
            for (int j = 0; j < dimension; j++) {
              basis[r][j] = flat[r * dimension + j];
            }
          }
        }
        orthonormalise(basis, random);
      }
    }
    return Matrix.of(narrowed(basis));
  }

  /** Gram-Schmidt, twice for accuracy; a row that vanishes starts anew at random. */
  private static void orthonormalise(double[][] basis, SplittableRandom random) {
    for (int r = 0; r < basis.length; r++) {
      double before = length(basis[r]);
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < r; k++) {
          double along = product(basis[k], basis[r]);
          for (int j = 0; j < basis[r].length; j++) {
            basis[r][j] -= along * basis[k][j];
          }
        }
      }
      double length = length(basis[r]);
      if (length <= 1e-9 * before || length == 0) {
        for (int j = 0; j < basis[r].length; j++) {
          basis[r][j] = random.nextDouble() - 0.5;
        }
        r--;
        continue;
      }
      for (int j = 0; j < basis[r].length; j++) {
        basis[r][j] /= length;
      }
    }
  }

  private static double distance(float[] x, Matrix subspace) {
    double squares = 0;
    for (float value : x) {
      squares += (double) value * value;
    }
    for (int r = 0; r < subspace.rows(); r++) {
      double product = 0;
      for (int j = 0; j < x.length; j++) {
        product += (double) subspace.at(r, j) * x[j];
      }
      squares -= product * product;
    }
    return Math.max(0, squares);
  }

  private static float[][] narrowed(double[][] rows) {
    float[][] narrow = new float[rows.length][rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      for (int j = 0; j < narrow[r].length; j++) {
        narrow[r][j] = (float) rows[r][j];
      }
    }
    return narrow;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static double length(double[] vector) {
    return Math.sqrt(product(vector, vector));
  }
}
