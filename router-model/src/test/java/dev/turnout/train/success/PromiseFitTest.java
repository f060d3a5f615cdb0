package dev.turnout.train.success;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.model.SuccessPromise;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The promise on queries whose true success is known, and predicted well, badly or not at all. */
class PromiseFitTest {
  private static final int REPEATS = 400;
  private static final int CALIBRATING = 200;
  private static final int NEW = 2_000;

  /** What is predicted of a query of some true success. */
  private interface Predictor {
    double of(double success, SplittableRandom random);
  }

  @Test
  void shouldKeepTheRateAmongTrustedQueriesHoweverTheyArePredicted() {
    for (double rate : new double[] {0.7, 0.8, 0.9}) {
      assertThat(broken(rate, (p, random) -> p)).isLessThan(0.1);
      assertThat(broken(rate, (p, random) -> Math.min(1, p * p + 0.3))).isLessThan(0.1);
      assertThat(broken(rate, (p, random) -> p + 0.3 * random.nextGaussian())).isLessThan(0.1);
      assertThat(broken(rate, (p, random) -> Math.round(3 * p) / 3.0)).isLessThan(0.1);
      assertThat(broken(rate, (p, random) -> random.nextDouble())).isLessThan(0.1);
    }
  }

  @Test
  void shouldTrustAsMuchAsTheRateAllows() {
    // given predictions that are true: success is uniform, so 40 % of the queries keep 80 %
    Sample calibrating = new Sample(20_000, (p, random) -> p, new SplittableRandom(1));
    SuccessPromise promise = calibrating.promise();

    // then these are trusted, and not many fewer
    assertThat(promise.thresholds().at(0, 79)).isBetween(0.58f, 0.63f);
  }

  @Test
  void shouldPromiseNothingOfAnLlmWithoutEnoughGrades() {
    // given forty grades, all of them right
    double[][] predicted = new double[40][];
    float[][] rewards = new float[40][];
    double[] weights = new double[40];
    for (int i = 0; i < 40; i++) {
      predicted[i] = new double[] {0.5 + i / 100.0};
      rewards[i] = new float[] {1};
      weights[i] = 1;
    }

    // when rates are asked for
    SuccessPromise promise = PromiseFit.fit(predicted, rewards, weights);

    // then forty show nine in ten, but not nineteen in twenty
    assertThat(promise.isKept(0, 0.95, 0.99)).isFalse();
    assertThat(promise.isKept(0, 0.9, 0.6)).isTrue();
    assertThat(promise.isKept(0, 0.9, 0.4)).isFalse();
    assertThat(promise.isKept(0, 0, 0)).isTrue();
    assertThat(promise.isKept(0, 1, 1)).isFalse();
  }

  @Test
  void shouldLeaveUngradedQueriesOut() {
    double[][] predicted = new double[200][];
    float[][] rewards = new float[200][];
    for (int i = 0; i < 200; i++) {
      predicted[i] = new double[] {i < 100 ? 0.9 : 0.95};
      rewards[i] = new float[] {i < 100 ? 1 : Float.NaN};
    }
    double[] weights = new double[200];
    Arrays.fill(weights, 1);

    SuccessPromise promise = PromiseFit.fit(predicted, rewards, weights);

    assertThat(promise.isKept(0, 0.95, 0.91)).isTrue();
  }

  /** How often, of many calibrations, more of what is trusted fails than the rate leaves. */
  private static double broken(double rate, Predictor predictor) {
    SplittableRandom random = new SplittableRandom(7);
    int broken = 0;
    for (int r = 0; r < REPEATS; r++) {
      SuccessPromise promise = new Sample(CALIBRATING, predictor, random).promise();
      Sample fresh = new Sample(NEW, predictor, random);
      double trusted = 0;
      double failing = 0;
      for (int i = 0; i < NEW; i++) {
        if (promise.isKept(0, rate, fresh.predicted[i][0])) {
          trusted++;
          failing += 1 - fresh.success[i];
        }
      }
      broken += failing > (1 - rate) * trusted + 1e-9 ? 1 : 0;
    }
    return (double) broken / REPEATS;
  }

  /** Queries of uniformly distributed success, each answered once. */
  private static final class Sample {
    private final double[][] predicted;
    private final float[][] rewards;
    private final double[] success;

    Sample(int size, Predictor predictor, SplittableRandom random) {
      predicted = new double[size][1];
      rewards = new float[size][1];
      success = random.doubles(size).toArray();
      for (int i = 0; i < size; i++) {
        predicted[i][0] = predictor.of(success[i], random);
        rewards[i][0] = random.nextDouble() < success[i] ? 1 : 0;
      }
    }

    SuccessPromise promise() {
      double[] weights = new double[rewards.length];
      Arrays.fill(weights, 1);
      return PromiseFit.fit(predicted, rewards, weights);
    }
  }
}
