package dev.turnout.train.guard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.turnout.belief.StopSignal;
import dev.turnout.math.TensorEngine;
import dev.turnout.math.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The directions along which vectors vary most, by subspace iteration. */
final class Subspace {
  private static final int RANK = 32;
  private static final int ITERATIONS = 12;

  private Subspace() {}

  /**
   * Orthonormal rows that span the leading principal subspace.
   *
   * @param x {@code float[vectors][dimension]}, centred
   */
  static float[][] of(float[][] x, SplittableRandom random, StopSignal stop) {
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

  private static float[][] narrowed(double[][] rows) {
    return Arrays.stream(rows).map(Vectors::narrowed).toArray(float[][]::new);
  }
}
