package dev.turnout.lab.baseline.surface;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.trained.LogisticFit;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Logistic regression of each LLM's reward on the surface of the text alone: no encoder. Every
 * feature is cut at its training quantiles, so that its effect may bend.
 */
public final class SurfaceBaseline {
  private static final int BINS = 8;

  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "surface",
          "logistic regression on the surface of the text alone, no encoder",
          (train, seed) -> fit(train));

  private SurfaceBaseline() {}

  private static FittedBaseline fit(EncodedQueries train) {
    double[][] features = features(train);
    double[][] cuts =
        IntStream.range(0, features[0].length)
            .mapToObj(k -> cuts(Arrays.stream(features).mapToDouble(row -> row[k]).toArray()))
            .toArray(double[][]::new);
    LogisticFit fit = LogisticFit.of(binned(features, cuts), train.rewards());
    return queries -> fit.predict(binned(features(queries), cuts));
  }

  private static double[][] features(EncodedQueries queries) {
    return queries.queries().stream()
        .parallel()
        .map(QueryOutcomes::question)
        .map(SurfaceFeatures::of)
        .toArray(double[][]::new);
  }

  /** The distinct values that cut the sorted values into bins of even counts. */
  private static double[] cuts(double[] values) {
    Arrays.sort(values);
    return IntStream.range(1, BINS)
        .mapToDouble(b -> values[b * values.length / BINS])
        .distinct()
        .filter(cut -> cut > values[0])
        .toArray();
  }

  /** For each cut whether the value is at or above it. */
  private static float[][] binned(double[][] features, double[][] cuts) {
    int width = Arrays.stream(cuts).mapToInt(c -> c.length).sum();
    float[][] binned = new float[features.length][width];
    for (int i = 0; i < binned.length; i++) {
      int at = 0;
      for (int k = 0; k < cuts.length; k++) {
        for (double cut : cuts[k]) {
          binned[i][at++] = features[i][k] >= cut ? 1 : 0;
        }
      }
    }
    return binned;
  }
}
