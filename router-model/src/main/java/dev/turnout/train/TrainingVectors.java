package dev.turnout.train;

import dev.turnout.model.FeatureWriter;
import dev.turnout.model.QueryFeatures;
import java.util.Arrays;

/** Mean and centred form of training vectors. */
public final class TrainingVectors {
  private TrainingVectors() {}

  /** Weighted mean vector. */
  public static float[] mean(TrainingSet data) {
    double[] sums = new double[data.dimension()];
    double mass = 0;
    for (int i = 0; i < data.size(); i++) {
      mass += data.weights()[i];
      for (int j = 0; j < sums.length; j++) {
        sums[j] += (double) data.weights()[i] * data.embeddings()[i][j];
      }
    }
    float[] mean = new float[sums.length];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = (float) (sums[j] / Math.max(mass, 1e-12));
    }
    return mean;
  }

  /** The x of every vector: centred, and normalised if the features say so. */
  public static float[][] centred(QueryFeatures features, float[][] embeddings) {
    float[][] phi = new FeatureWriter(features).writeAll(embeddings);
    return Arrays.stream(phi)
        .map(row -> Arrays.copyOf(row, features.dimension()))
        .toArray(float[][]::new);
  }
}
