package dev.turnout.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.turnout.belief.StopSignal;
import dev.turnout.math.Folds;
import dev.turnout.math.TensorEngine;
import dev.turnout.math.Vectors;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import java.util.Arrays;
import java.util.List;
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
    float[][] subspace = subspace(kept, random, stop);
    double[] distances = new double[held];
    for (int i = 0; i < held; i++) {
      distances[i] = distance(x[order[i]], subspace);
    }
    Arrays.sort(distances);
    int rank = (int) Math.ceil(quantile * held) - 1;
    return new Guard(Matrix.of(subspace), distances[Math.max(0, Math.min(held - 1, rank))]);
  }

  private static float[][] subspace(float[][] x, SplittableRandom random, StopSignal stop) {
    int dimension = x[0].length;
    int rank = Math.max(1, Math.min(RANK, Math.min(dimension / 2, x.length)));
    double[][] basis = new double[rank][dimension];
    for (double[] row : basis) {
      draw(row, random);
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
    return narrowed(basis);
  }

  /** Makes the rows orthonormal; one that vanishes starts anew at random. */
  private static void orthonormalise(double[][] basis, SplittableRandom random) {
    List<double[]> rows = Arrays.asList(basis);
    for (int r = 0; r < basis.length; r++) {
      double before = Vectors.length(basis[r]);
      double left = Vectors.orthogonalise(basis[r], rows.subList(0, r));
      while (left <= 1e-9 * before || left == 0) {
        draw(basis[r], random);
        before = Vectors.length(basis[r]);
        left = Vectors.orthogonalise(basis[r], rows.subList(0, r));
      }
      Vectors.divide(basis[r], left);
    }
  }

  private static void draw(double[] row, SplittableRandom random) {
    for (int j = 0; j < row.length; j++) {
      row[j] = random.nextDouble() - 0.5;
    }
  }

  private static double distance(float[] x, float[][] subspace) {
    double squares = Vectors.squaredLength(x);
    for (float[] axis : subspace) {
      double along = Vectors.dot(axis, x);
      squares -= along * along;
    }
    return Math.max(0, squares);
  }

  private static float[][] narrowed(double[][] rows) {
    return Arrays.stream(rows).map(Vectors::narrowed).toArray(float[][]::new);
  }
}
