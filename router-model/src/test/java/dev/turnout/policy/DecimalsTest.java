package dev.turnout.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecimalsTest {
  @Test
  void shouldWriteValuesLikeStringFormat() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      double value = random.nextDouble(-2, 2) * Math.pow(10, random.nextInt(-4, 7));
      for (int digits = 0; digits <= 6; digits++) {
        String expected = String.format(Locale.ROOT, "%." + digits + "f", value);
        if (expected.matches("-0(\\.0+)?")) {
          expected = expected.substring(1);
        }
        assertThat(Decimals.fixed(value, digits)).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldKeepZerosBehindThePoint() {
    assertThat(Decimals.fixed(0.012, 3)).isEqualTo("0.012");
    assertThat(Decimals.fixed(-1.0004, 3)).isEqualTo("-1.000");
    assertThat(Decimals.fixed(-0.0001, 3)).isEqualTo("0.000");
    assertThat(Decimals.fixed(0.9999, 3)).isEqualTo("1.000");
    assertThat(Decimals.fixed(41.6, 0)).isEqualTo("42");
  }

  @Test
  void shouldLeaveWhatIsNotAnOrdinaryNumberToTheLibrary() {
    assertThat(Decimals.fixed(Double.NaN, 3)).isEqualTo("NaN");
    assertThat(Decimals.fixed(Double.POSITIVE_INFINITY, 2)).isEqualTo("Infinity");
    assertThat(Decimals.fixed(1e12, 1)).isEqualTo("1000000000000.0");
  }
}
