package dev.turnout.offpolicy.savings;

import dev.turnout.offpolicy.savings.Expectation.Prediction;

/**
 * Sums over the answers of one LLM, each weighed by one over its propensity, from which the
 * residuals of any prediction and their squares follow.
 */
final class WeightedSums {
  private long answers;
  private double fourths;

  /** Sums of weight x {1, reward, cost}. */
  private final double[] first = new double[3];

  /** Sums of weight^2 x the products of {1, reward, cost}: 11, 1r, 1c, rr, rc, cc. */
  private final double[] squared = new double[6];

  /** Sums of weight x (weight - 1) x the same products: what a draw leaves open. */
  private final double[] open = new double[6];

  void add(double weight, double reward, double cost) {
    answers++;
    double[] values = {1, reward, cost};
    int at = 0;
    for (int i = 0; i < 3; i++) {
      first[i] += weight * values[i];
      for (int j = i; j < 3; j++) {
        squared[at] += weight * weight * values[i] * values[j];
        open[at] += weight * (weight - 1) * values[i] * values[j];
        at++;
      }
    }
    fourths += weight * weight * weight * weight;
  }

  void add(WeightedSums other) {
    answers += other.answers;
    fourths += other.fourths;
    for (int i = 0; i < first.length; i++) {
      first[i] += other.first[i];
    }
    for (int i = 0; i < squared.length; i++) {
      squared[i] += other.squared[i];
      open[i] += other.open[i];
    }
  }

  long answers() {
    return answers;
  }

  /** Mean by weight; {@code otherwise} without answers. */
  Prediction mean(Prediction otherwise) {
    return first[0] > 0 ? new Prediction(first[1] / first[0], first[2] / first[0]) : otherwise;
  }

  /** Number of equally weighted answers that would say as much; 0 without answers. */
  double effective() {
    return squared[0] > 0 ? first[0] * first[0] / squared[0] : 0;
  }

  /** Number of answers that really carry the squared residuals (after Satterthwaite 1946). */
  double degrees() {
    return fourths > 0 ? squared[0] * squared[0] / fourths : 0;
  }

  /** Sum of weight x (what was seen - what was predicted). */
  double residual(Blend blend, Prediction predicted) {
    return blend.reward() * first[1] + blend.cost() * first[2] - blend.of(predicted) * first[0];
  }

  /** Mean products of the residuals, as they count where the draw left the answer open. */
  Spread spread(Prediction predicted) {
    double[] sums = open[0] > 0 ? open : squared;
    if (!(sums[0] > 0)) {
      return Spread.NONE;
    }
    double r = predicted.reward();
    double c = predicted.costUsd();
    double n = sums[0];
    double rr = sums[3] - 2 * r * sums[1] + r * r * n;
    double rc = sums[4] - c * sums[1] - r * sums[2] + r * c * n;
    double cc = sums[5] - 2 * c * sums[2] + c * c * n;
    double scale = c > 0 ? c : 1;
    return new Spread(Math.max(0, rr / n), rc / n / scale, Math.max(0, cc / n / (scale * scale)));
  }
}
