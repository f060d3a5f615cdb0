package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutliersTest {
  @Test
  void shouldLetFewValuesBe() {
    assertThat(Outliers.limit(new double[] {1, 2, 3, 1_000, 5, 6, 7, 8, 9}))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Outliers.limit(new double[0])).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void shouldCutTheLargestOfTenToTheNextLargest() {
    double[] values = {1, 2, 3, 1_000, 5, 6, 7, 8, 9, 10};

    assertThat(Outliers.limit(values)).isEqualTo(10);
    assertThat(values[3]).isEqualTo(1_000);
  }

  @Test
  void shouldCutHalfAPercentOfMany() {
    assertThat(Outliers.limit(IntStream.range(0, 1_000).asDoubleStream().toArray())).isEqualTo(994);
  }
}
