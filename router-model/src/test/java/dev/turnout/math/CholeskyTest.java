package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

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
