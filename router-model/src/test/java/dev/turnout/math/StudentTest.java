package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTest {
  /** Values of the usual tables. */
  @ParameterizedTest
  @CsvSource({
    "0.90, 3, 2.353", "0.90, 5, 2.015", "0.90, 10, 1.812", "0.90, 30, 1.697",
        "0.90, Infinity, 1.645",
    "0.95, 3, 3.182", "0.95, 5, 2.571", "0.95, 10, 2.228", "0.95, 30, 2.042",
        "0.95, Infinity, 1.960"
  })
  void shouldAgreeWithTheTables(double confidence, double degrees, double expected) {
    assertThat(Student.twoSided(confidence, degrees)).isCloseTo(expected, within(0.01 * expected));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2.5"})
  void shouldReckonWithThreeDegreesAtLeast(double degrees) {
    assertThat(Student.twoSided(0.95, degrees)).isEqualTo(Student.twoSided(0.95, 3));
  }
}
