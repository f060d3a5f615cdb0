package dev.turnout.math;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.decomposition.chol.CholeskyDecompositionInner_DDRM;
import org.ejml.dense.row.linsol.chol.LinearSolverChol_DDRM;

/**
 * Solves and inverts symmetric positive definite systems by Cholesky factors. On one thread and
 * always in the same order of sums, so that equal systems give bit-equal results.
 */
public final class Cholesky {
  private final CholeskyDecompositionInner_DDRM factors = new CholeskyDecompositionInner_DDRM(true);
  private final LinearSolverChol_DDRM solver = new LinearSolverChol_DDRM(factors);
  private final int size;

  private Cholesky(DMatrixRMaj matrix) {
    size = matrix.numRows;
    // the decomposition lets a NaN pass, which then stands in its last diagonal element
    if (!solver.setA(matrix) || Double.isNaN(factors.getT().get(size - 1, size - 1))) {
      throw new IllegalArgumentException("matrix of " + size + " rows is not positive definite");
    }
  }

  /**
   * Factors {@code matrix}.
   *
   * @param matrix {@code double[n][n]}, symmetric positive definite; not changed
   * @throws IllegalArgumentException if the matrix is not positive definite
   */
  public static Cholesky of(double[][] matrix) {
    return of(matrix, 0);
  }

  /**
   * Factors {@code matrix + penalty * identity}.
   *
   * @throws IllegalArgumentException if the sum is not positive definite
   */
  public static Cholesky of(double[][] matrix, double penalty) {
    DMatrixRMaj sum = new DMatrixRMaj(matrix);
    for (int i = 0; i < sum.numRows; i++) {
      sum.add(i, i, penalty);
    }
    return new Cholesky(sum);
  }

  /** The x of {@code matrix * x = right}. Any number of threads may solve at once. */
  public double[] solve(double[] right) {
    // not by the solver, which keeps its right side in scratch space that threads would share
    double[] lower = factors.getT().data;
    double[] x = Arrays.copyOf(right, size);
    TriangularSolver_DDRM.solveL(lower, x, size);
    TriangularSolver_DDRM.solveTranL(lower, x, size);
    return x;
  }

  /** The inverse of the matrix; by one thread at a time. */
  public double[][] inverse() {
    DMatrixRMaj inverse = new DMatrixRMaj(size, size);
    solver.invert(inverse);
    return IntStream.range(0, size)
        .mapToObj(i -> Arrays.copyOfRange(inverse.data, i * size, (i + 1) * size))
        .toArray(double[][]::new);
  }

  /**
   * The map that makes the matrix, as a covariance, the identity: the inverse of its lower factor.
   *
   * @return {@code double[n][n]}, lower triangular
   */
  public double[][] whitening() {
    DMatrixRMaj lower = factors.getT();
    double[][] inverse = new double[size][size];
    for (int i = 0; i < size; i++) {
      inverse[i][i] = 1 / lower.get(i, i);
      for (int j = 0; j < i; j++) {
        double sum = 0;
        for (int k = j; k < i; k++) {
          sum += lower.get(i, k) * inverse[k][j];
        }
        inverse[i][j] = -sum / lower.get(i, i);
      }
    }
    return inverse;
  }
}
