package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CholeskyTest {
  private static final double[][] MATRIX = {{4, 2, 0}, {2, 5, 1}, {0, 1, 3}};

  @Test
  void shouldSolveAndInvertWithoutChangingItsInput() {
    // given
    double[] right = {2, 1, 4};

    // when
    Cholesky factors = Cholesky.of(MATRIX);
    double[] x = factors.solve(right);
    double[][] inverse = factors.inverse();

    // then
    for (int i = 0; i < 3; i++) {
      assertThat(Vectors.dot(MATRIX[i], x)).isCloseTo(right[i], within(1e-12));
      assertThat(Vectors.dot(inverse[i], right)).isCloseTo(x[i], within(1e-12));
    }
    assertThat(right).containsExactly(2, 1, 4);
    assertThat(MATRIX[0]).containsExactly(4, 2, 0);
  }

  @Test
  void shouldAddThePenaltyToTheDiagonal() {
    assertThat(Cholesky.of(new double[][] {{3, 0}, {0, 15}}, 1).solve(new double[] {8, 8}))
        .containsExactly(2, 0.5);
  }

  @Test
  void shouldSolveForSeveralThreadsAtOnce() throws Exception {
    // given a system that takes a while, and different right sides
    int size = 200;
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[i][j] = 1.0 / (1 + Math.abs(i - j));
      }
    }
    Cholesky factors = Cholesky.of(matrix, 1);
    double[][] rights = new double[64][size];
    for (int r = 0; r < rights.length; r++) {
      Arrays.fill(rights[r], r);
    }
    double[][] alone = Arrays.stream(rights).map(factors::solve).toArray(double[][]::new);

    // when four threads solve them again and again
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Callable<Boolean>> works =
        IntStream.range(0, 4 * rights.length)
            .<Callable<Boolean>>mapToObj(
                n -> {
                  int r = n % rights.length;
                  return () -> {
                    boolean equal = true;
                    for (int again = 0; again < 20; again++) {
                      equal &= Arrays.equals(alone[r], factors.solve(rights[r]));
                    }
                    return equal;
                  };
                })
            .toList();

    // then each gets what it gets alone
    try {
      for (Future<Boolean> equal : threads.invokeAll(works)) {
        assertThat(equal.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void shouldRefuseWhatIsNotPositiveDefinite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cholesky.of(new double[][] {{1, 2}, {2, 1}}))
        .withMessageContaining("not positive definite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cholesky.of(new double[][] {{Double.NaN, 0}, {0, 1}}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cholesky.of(new double[][] {{1, 0}, {0, Double.NaN}}));
  }
}
