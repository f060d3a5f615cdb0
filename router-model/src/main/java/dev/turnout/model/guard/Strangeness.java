package dev.turnout.model.guard;

import java.nio.ByteBuffer;

/**
 * Puts the distances of several spaces on one scale, group by group. In each space a distance
 * counts by how few held-out training queries of the group lie as far away (a conformal p-value,
 * -log p), and beyond them by how far; the weighted sum is then shifted and scaled so that 1 is the
 * group's threshold. A query's distance is that to the group it is nearest to. Immutable.
 */
public final class Strangeness {
  /** The query's vector. */
  public static final int VECTOR = 0;

  /** All statistics of the text together. */
  public static final int TEXT = 1;

  /** Surprise at the characters alone. */
  public static final int LETTERS = 2;

  /** The order of words alone. */
  public static final int ORDER = 3;

  /** The order of classes of words alone. */
  public static final int CLASS_ORDER = 4;

  /** How many spaces there are. */
  public static final int SPACES = 5;

  /** Steps of the quantiles: 0, 0.05, ..., 0.95. */
  static final int QUANTILES = 20;

  private static final double[] WEIGHTS = {0.5, 3, 0.5, 1, 1};
  private static final double BEYOND = 3;
  private static final double FARTHEST = 10;

  private final double[][][] quantiles;
  private final double[] centre;
  private final double[] scale;

  /**
   * @param quantiles {@code double[groups][SPACES][QUANTILES]} of distances, in ascending order
   * @param centre {@code double[groups]}: weighted sum at which a distance is 0
   * @param scale {@code double[groups]}: what a weighted sum exceeds it by at a distance of 1, > 0
   */
  public Strangeness(double[][][] quantiles, double[] centre, double[] scale) {
    for (int g = 0; g < quantiles.length; g++) {
      if (!(scale[g] > 0) || !Double.isFinite(centre[g] + scale[g])) {
        throw new IllegalArgumentException(
            "the guard's group " + g + " has centre " + centre[g] + " and scale " + scale[g]);
      }
    }
    this.quantiles = quantiles;
    this.centre = centre.clone();
    this.scale = scale.clone();
  }

  public int groups() {
    return centre.length;
  }

  /** The quantiles of some distances, as the constructor takes them. */
  public static double[] quantiles(double[] sorted) {
    double[] quantiles = new double[QUANTILES];
    for (int q = 0; q < QUANTILES; q++) {
      double at = q / (double) QUANTILES * (sorted.length - 1);
      int below = (int) at;
      double above = sorted[Math.min(sorted.length - 1, below + 1)];
      quantiles[q] = sorted[below] + (at - below) * (above - sorted[below]);
    }
    return quantiles;
  }

  /**
   * Weighted sum over the spaces for one group.
   *
   * @param space distance in each space
   * @param spaces the first so many are known
   */
  public static double sum(double[][] quantiles, double[] space, int spaces) {
    double sum = 0;
    for (int s = 0; s < spaces; s++) {
      double[] row = quantiles[s];
      double high = row[QUANTILES - 1];
      double p = tail(row, space[s]);
      double excess = (space[s] - high) / (high - row[QUANTILES / 2] + 1e-9);
      sum += WEIGHTS[s] * (BEYOND * Math.max(0, Math.min(FARTHEST, excess)) - Math.log(p));
    }
    return sum;
  }

  /** Share of the reference that is at least as far away; not below 0.05. */
  private static double tail(double[] row, double value) {
    if (value >= row[QUANTILES - 1]) {
      return 1.0 / QUANTILES;
    }
    if (value <= row[0]) {
      return 1;
    }
    int q = 1;
    while (row[q] <= value) {
      q++;
    }
    double within = (value - row[q - 1]) / (row[q] - row[q - 1]);
    return 1 - (q - 1 + within) / QUANTILES;
  }

  /**
   * Distance to the nearest group: 0 is usual, more than 1 out of distribution.
   *
   * @param spaces distances {@code double[groups][SPACES]}
   * @param known how many spaces are known: all, or the vector alone
   */
  public double distance(double[][] spaces, int known) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int g = 0; g < centre.length; g++) {
      double sum = sum(quantiles[g], spaces[g], known);
      nearest = Math.min(nearest, (sum - centre[g]) / scale[g]);
    }
    return Math.max(0, nearest);
  }

  int bytes() {
    return 4 + groups() * 4 * (SPACES * QUANTILES + 2);
  }

  void write(ByteBuffer out) {
    out.putInt(groups());
    for (int g = 0; g < groups(); g++) {
      for (double[] space : quantiles[g]) {
        for (double value : space) {
          out.putFloat((float) value);
        }
      }
      out.putFloat((float) centre[g]).putFloat((float) scale[g]);
    }
  }

  static Strangeness read(ByteBuffer in) {
    int groups = in.getInt();
    if (groups < 1 || groups > 1000) {
      throw new IllegalArgumentException("the guard has " + groups + " groups");
    }
    double[][][] quantiles = new double[groups][SPACES][QUANTILES];
    double[] centre = new double[groups];
    double[] scale = new double[groups];
    for (int g = 0; g < groups; g++) {
      for (double[] space : quantiles[g]) {
        for (int q = 0; q < QUANTILES; q++) {
          space[q] = in.getFloat();
        }
      }
      centre[g] = in.getFloat();
      scale[g] = in.getFloat();
    }
    return new Strangeness(quantiles, centre, scale);
  }
}
