package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StandardNormalTest {

  @Test
  void shouldGiveKnownQuantiles() {
    assertThat(StandardNormal.distribution(0)).isCloseTo(0.5, within(1e-9));
    assertThat(StandardNormal.distribution(1.959963984540054)).isCloseTo(0.975, within(1e-9));
    assertThat(StandardNormal.distribution(-1.6448536269514722)).isCloseTo(0.05, within(1e-9));
    assertThat(StandardNormal.distribution(12)).isEqualTo(1);
    assertThat(StandardNormal.distribution(-12)).isZero();
  }

  @Test
  void shouldGiveTheDensity() {
    for (double z = -6; z < 6; z += 0.0137) {
      assertThat(StandardNormal.density(z))
          .isCloseTo(Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI), within(1e-9));
    }
  }
}
