package dev.turnout.model.guard;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Gaussians that share one whitening and have a variance of their own along each whitened axis.
 * Each belongs to a group of training queries. Immutable.
 */
public final class Mixture {
  /** Distance to a group without Gaussians. */
  private static final double FARTHEST = 1e6;

  private static final int MOST = 1 << 12;

  private final double[] mean;
  private final float[][] whitening;
  private final float[][] centres;
  private final float[][] precisions;
  private final int[] groups;
  private final double[] logPrecisions;

  /**
   * @param mean {@code double[dimension]}
   * @param whitening {@code float[dimension][]}, row i of length i + 1: lower triangle of the map
   *     from deviations to axes
   * @param centres {@code float[Gaussians][dimension]}, whitened
   * @param precisions {@code float[Gaussians][dimension]}, one over the variance along each axis
   * @param groups of the Gaussians, from 0
   */
  public Mixture(
      double[] mean, float[][] whitening, float[][] centres, float[][] precisions, int[] groups) {
    if (centres.length == 0
        || centres.length != precisions.length
        || centres.length != groups.length
        || whitening.length != mean.length
        || Arrays.stream(groups).anyMatch(group -> group < 0)) {
      throw new IllegalArgumentException(
          "the guard's mixture has %d centres, %d precisions, groups %s, %d of %d axes"
              .formatted(
                  centres.length,
                  precisions.length,
                  Arrays.toString(groups),
                  whitening.length,
                  mean.length));
    }
    this.mean = mean.clone();
    this.whitening = whitening;
    this.centres = centres;
    this.precisions = precisions;
    this.groups = groups.clone();
    this.logPrecisions = new double[centres.length];
    for (int g = 0; g < logPrecisions.length; g++) {
      for (float precision : precisions[g]) {
        logPrecisions[g] += Math.log(precision);
      }
      if (!Double.isFinite(logPrecisions[g])) {
        throw new IllegalArgumentException("the guard's mixture has a variance that is none");
      }
    }
  }

  public int dimension() {
    return mean.length;
  }

  /** How many groups there are Gaussians of, numbers left out included. */
  public int groups() {
    return Arrays.stream(groups).max().orElse(-1) + 1;
  }

  /**
   * The same Gaussians in other groups.
   *
   * @param moved the new group of each old one
   */
  public Mixture regrouped(int[] moved) {
    return new Mixture(
        mean,
        whitening,
        centres,
        precisions,
        Arrays.stream(groups).map(group -> moved[group]).toArray());
  }

  /**
   * Twice the negative log likelihood under the likeliest Gaussian of each group, less a constant.
   *
   * @param point {@code double[dimension]}
   * @param axes scratch, {@code float[dimension]}
   * @param out {@code double[at least groups()]}; a million for a group without Gaussians
   */
  public void distances(double[] point, float[] axes, double[] out) {
    whiten(mean, whitening, point, axes);
    Arrays.fill(out, FARTHEST);
    for (int g = 0; g < centres.length; g++) {
      float[] centre = centres[g];
      float[] precision = precisions[g];
      float sum = 0;
      for (int i = 0; i < axes.length; i++) {
        float off = axes[i] - centre[i];
        sum += off * off * precision[i];
      }
      out[groups[g]] = Math.min(out[groups[g]], sum - logPrecisions[g]);
    }
  }

  /** Deviations from the mean along the whitened axes. */
  public static void whiten(double[] mean, float[][] whitening, double[] point, float[] axes) {
    for (int i = 0; i < axes.length; i++) {
      float[] row = whitening[i];
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        sum += row[j] * (point[j] - mean[j]);
      }
      axes[i] = (float) sum;
    }
  }

  int bytes() {
    int dimension = dimension();
    return 8
        + 8 * dimension
        + 2 * dimension * (dimension + 1)
        + centres.length * (4 + 8 * dimension);
  }

  void write(ByteBuffer out) {
    out.putInt(dimension()).putInt(centres.length);
    for (double value : mean) {
      out.putDouble(value);
    }
    for (float[] row : whitening) {
      put(row, out);
    }
    for (int g = 0; g < centres.length; g++) {
      out.putInt(groups[g]);
      put(centres[g], out);
      put(precisions[g], out);
    }
  }

  static Mixture read(ByteBuffer in) {
    int dimension = in.getInt();
    int count = in.getInt();
    if (dimension < 1 || dimension > MOST || count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "the guard's mixture has %d Gaussians of %d dimensions".formatted(count, dimension));
    }
    double[] mean = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      mean[i] = in.getDouble();
    }
    float[][] whitening = new float[dimension][];
    for (int i = 0; i < dimension; i++) {
      whitening[i] = floats(i + 1, in);
    }
    int[] groups = new int[count];
    float[][] centres = new float[count][];
    float[][] precisions = new float[count][];
    for (int g = 0; g < count; g++) {
      groups[g] = in.getInt();
      centres[g] = floats(dimension, in);
      precisions[g] = floats(dimension, in);
    }
    return new Mixture(mean, whitening, centres, precisions, groups);
  }

  private static void put(float[] row, ByteBuffer out) {
    for (float value : row) {
      out.putFloat(value);
    }
  }

  private static float[] floats(int count, ByteBuffer in) {
    float[] row = new float[count];
    for (int i = 0; i < count; i++) {
      row[i] = in.getFloat();
      if (!Float.isFinite(row[i])) {
        throw new IllegalArgumentException("the guard holds NaN or infinite values");
      }
    }
    return row;
  }
}
