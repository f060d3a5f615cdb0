package dev.turnout.lab.eval.measure;

import dev.turnout.app.data.EncodedQueries;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicted success against observed success in bins of equal width.
 *
 * @param bins the non-empty bins, lowest first
 */
public record CalibrationCurve(List<Bin> bins) {
  /** Bins between 0 and 1. */
  public static final int BINS = 10;

  /**
   * One bin.
   *
   * @param predicted mean predicted probability
   * @param observed mean reward
   * @param count predictions in the bin
   */
  public record Bin(double predicted, double observed, int count) {}

  public CalibrationCurve {
    bins = List.copyOf(bins);
  }

  /** Over all predictions that have a grade. */
  public static CalibrationCurve of(EncodedQueries queries, double[][] predicted) {
    return of(queries, predicted, null);
  }

  /** Over the predictions for chosen LLMs, {@code propensities} telling which. */
  public static CalibrationCurve of(
      EncodedQueries queries,
      double[][] predicted,
      double @org.jspecify.annotations.Nullable [][] propensities) {
    double[] sums = new double[BINS];
    double[] rewards = new double[BINS];
    int[] counts = new int[BINS];
    for (int i = 0; i < predicted.length; i++) {
      double[] row = queries.queries().get(i).rewards();
      for (int t = 0; t < row.length; t++) {
        boolean counted = propensities == null || propensities[i][t] > 0;
        if (counted && !Double.isNaN(row[t])) {
          int bin = Math.min(BINS - 1, (int) (predicted[i][t] * BINS));
          sums[bin] += predicted[i][t];
          rewards[bin] += row[t];
          counts[bin]++;
        }
      }
    }
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      if (counts[b] > 0) {
        bins.add(new Bin(sums[b] / counts[b], rewards[b] / counts[b], counts[b]));
      }
    }
    return new CalibrationCurve(bins);
  }

  /** Expected calibration error (Guo et al. 2017): mean gap of the bins by their counts, 0..1. */
  public double expectedError() {
    double gaps = 0;
    int count = 0;
    for (Bin bin : bins) {
      gaps += bin.count() * Math.abs(bin.predicted() - bin.observed());
      count += bin.count();
    }
    return count == 0 ? Double.NaN : gaps / count;
  }
}
