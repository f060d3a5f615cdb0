package dev.turnout.lab.baseline.neighbour;

import dev.turnout.math.Vectors;
import java.util.Arrays;

/**
 * Subtracts the training mean and scales to length 1. Vectors of one encoder share a large common
 * part; without it cosines tell queries apart.
 */
public final class Centring {
  private final double[] mean;

  private Centring(double[] mean) {
    this.mean = mean;
  }

  public static Centring of(float[][] vectors) {
    return new Centring(Vectors.mean(Arrays.asList(vectors)));
  }

  public float[][] apply(float[][] vectors) {
    float[][] centred = new float[vectors.length][mean.length];
    for (int i = 0; i < vectors.length; i++) {
      double squares = 0;
      for (int k = 0; k < mean.length; k++) {
        double value = vectors[i][k] - mean[k];
        centred[i][k] = (float) value;
        squares += value * value;
      }
      float scale = (float) (1 / Math.max(Math.sqrt(squares), 1e-9));
      for (int k = 0; k < mean.length; k++) {
        centred[i][k] *= scale;
      }
    }
    return centred;
  }
}
