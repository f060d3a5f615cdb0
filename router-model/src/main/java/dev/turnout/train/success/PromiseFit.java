package dev.turnout.train.success;

import dev.turnout.model.Matrix;
import dev.turnout.model.SuccessPromise;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Sets the thresholds of a {@link SuccessPromise} by conformal risk control over the accepted
 * queries.
 *
 * <p>Held-out queries are ordered by their predicted success; the threshold of a rate is the lowest
 * one at or above which the failures and one more, and one standard error, are at most the wanted
 * share of the queries and one more. The one more stands for the new query, at its worst: queries
 * being exchangeable, no place among the calibrating ones and the new one is more likely to fail
 * than another. The standard error pays for choosing the lowest of many thresholds that pass, which
 * would otherwise favour those that pass by luck.
 */
public final class PromiseFit {
  private PromiseFit() {}

  /**
   * Fits thresholds.
   *
   * @param predicted success predicted for queries that were held out, {@code
   *     double[queries][llms]}
   * @param rewards {@code float[queries][llms]}, 0..1; what is missing to 1 is failure; NaN = not
   *     graded
   * @param weights importance of each query
   */
  public static SuccessPromise fit(double[][] predicted, float[][] rewards, double[] weights) {
    int llms = rewards[0].length;
    float[][] thresholds = new float[llms][SuccessPromise.LEVELS];
    double heaviest = Arrays.stream(weights).max().orElse(1);
    for (int t = 0; t < llms; t++) {
      int llm = t;
      int[] order =
          IntStream.range(0, rewards.length)
              .filter(i -> !Float.isNaN(rewards[i][llm]) && weights[i] > 0)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -predicted[i][llm]))
              .mapToInt(i -> i)
              .toArray();
      Arrays.fill(thresholds[t], SuccessPromise.NEVER);
      double failed = heaviest;
      double accepted = heaviest;
      for (int k = 0; k < order.length; k++) {
        int query = order[k];
        failed += weights[query] * (1 - rewards[query][llm]);
        accepted += weights[query];
        double score = predicted[query][llm];
        if (k + 1 == order.length || predicted[order[k + 1]][llm] < score) {
          lower(thresholds[t], failed / accepted, accepted / heaviest, atLeast(score));
        }
      }
    }
    return new SuccessPromise(Matrix.of(thresholds));
  }

  /** Sets the thresholds of all rates that are kept with such a share of failures. */
  private static void lower(
      float[] thresholds, double failing, double accepted, float score) {
    for (int c = 0; c < thresholds.length; c++) {
      double wanted = 1 - (c + 1) / 100.0;
      double error = Math.sqrt(wanted * (1 - wanted) / accepted);
      if (failing + error <= wanted + 1e-12) {
        thresholds[c] = score;
      }
    }
  }

  private static float atLeast(double score) {
    float rounded = (float) score;
    return rounded < score ? Math.nextUp(rounded) : rounded;
  }
}
