package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class VectorsTest {

  @Test
  void shouldMeasureSquaredDistance() {
    assertThat(Vectors.squaredDistance(new float[] {1, 2}, new float[] {4, -2})).isEqualTo(25);
  }

  @Test
  void shouldScaleToLengthOneAndTurnZerosIntoTheFirstAxis() {
    // given
    float[] vector = {3, 4};
    float[] zeros = {0, 0};

    // when
    Vectors.normalise(vector);
    Vectors.normalise(zeros);

    // then
    assertThat(vector).containsExactly(0.6f, 0.8f);
    assertThat(zeros).containsExactly(1, 0);
  }

  @Test
  void shouldLeaveOnlyWhatIsOrthogonalToABasis() {
    // given
    double[] vector = {5, 2, 3};
    List<double[]> basis = List.of(new double[] {1, 0, 0}, new double[] {0, 0.6, 0.8});

    // when
    double left = Vectors.orthogonalise(vector, basis);

    // then
    assertThat(left).isCloseTo(Math.abs(2 * 0.8 - 3 * 0.6), within(1e-12));
    for (double[] axis : basis) {
      assertThat(Vectors.dot(axis, vector)).isCloseTo(0, within(1e-12));
    }
  }

  @Test
  void shouldAverageInDoublePrecision() {
    assertThat(Vectors.mean(List.of(new float[] {1, 0}, new float[] {2, 4})))
        .containsExactly(1.5, 2);
  }
}
