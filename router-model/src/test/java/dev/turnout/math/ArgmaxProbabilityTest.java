package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ArgmaxProbabilityTest {

  @Test
  void shouldMatchTheClosedFormForTwoVariables() {
    Random random = new Random(1);
    for (int trial = 0; trial < 500; trial++) {
      // given two variables, whose difference is normal
      double[] mean = {random.nextDouble(), random.nextDouble()};
      double[] deviation = {
        StrictMath.pow(10, -3 * random.nextDouble()), StrictMath.pow(10, -3 * random.nextDouble())
      };
      double expected =
          StandardNormal.distribution((mean[0] - mean[1]) / Math.hypot(deviation[0], deviation[1]));

      // when
      double[] probability = ArgmaxProbability.of(mean, deviation);

      // then
      assertThat(probability[0]).isCloseTo(expected, within(1e-6));
      assertThat(probability[0] + probability[1]).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void shouldShareEvenlyAmongEqualVariables() {
    double[] probability = ArgmaxProbability.of(new double[10], filled(10, 0.1));

    assertThat(probability).containsExactly(filled(10, 0.1), within(1e-7));
  }

  @Test
  void shouldGiveEverythingToACertainWinner() {
    double[] probability =
        ArgmaxProbability.of(new double[] {0.2, 0.9, 0.5}, new double[] {0, 0, 0});

    assertThat(probability).containsExactly(new double[] {0, 1, 0}, within(1e-12));
  }

  @Test
  void shouldShareAmongEqualCertainVariables() {
    double[] probability = ArgmaxProbability.of(new double[] {0.5, 0.5}, new double[] {0, 0});

    assertThat(probability).containsExactly(new double[] {0.5, 0.5}, within(1e-6));
  }

  @Test
  void shouldAgreeWithSamplingForManyVariablesOfDifferentWidth() {
    // given
    double[] mean = {0.5, 0.52, 0.55, 0.3, 0.6, 0.58};
    double[] deviation = {0.2, 0.01, 0.05, 0.5, 0.001, 0.03};
    Random random = new Random(7);
    int draws = 400_000;
    double[] share = new double[mean.length];
    for (int d = 0; d < draws; d++) {
      int best = 0;
      double highest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < mean.length; i++) {
        double value = mean[i] + deviation[i] * random.nextGaussian();
        if (value > highest) {
          highest = value;
          best = i;
        }
      }
      share[best] += 1.0 / draws;
    }

    // when
    double[] probability = ArgmaxProbability.of(mean, deviation);

    // then four standard errors of the sampled share
    assertThat(probability).containsExactly(share, within(4 * 0.5 / Math.sqrt(draws)));
  }

  @Test
  void shouldConvergeForAnyNumberOfVariables() {
    Random random = new Random(3);
    for (int n = 2; n <= 40; n++) {
      // given
      double[] mean = random.doubles(n).toArray();
      double[] deviation = random.doubles(n, 0.01, 0.3).toArray();

      // when
      double[] probability = ArgmaxProbability.of(mean, deviation);

      // then against brute force on a fine grid
      assertThat(probability).containsExactly(onGrid(mean, deviation), within(1e-6));
    }
  }

  @Test
  void shouldRefuseWhatIsNotFinite() {
    assertThatThrownBy(() -> ArgmaxProbability.of(new double[] {Double.NaN}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("variable 0");
  }

  private static double[] onGrid(double[] mean, double[] deviation) {
    int n = mean.length;
    double[] probability = new double[n];
    double step = 0.0005;
    for (double t = -3; t < 4; t += step) {
      for (int i = 0; i < n; i++) {
        double product = StandardNormal.density((t - mean[i]) / deviation[i]) / deviation[i];
        for (int j = 0; j < n; j++) {
          if (j != i) {
            product *= StandardNormal.distribution((t - mean[j]) / deviation[j]);
          }
        }
        probability[i] += step * product;
      }
    }
    return probability;
  }

  private static double[] filled(int length, double value) {
    double[] values = new double[length];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
