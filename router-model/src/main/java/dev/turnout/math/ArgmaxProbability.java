package dev.turnout.math;

import java.util.Arrays;

/**
 * The exact propensities of Thompson sampling: the probability that each of several independent
 * normal variables is the largest,
 *
 * <pre>p_i = integral of density_i(t) * product over j != i of distribution_j(t) dt</pre>
 *
 * by Gauss-Legendre quadrature on the intervals between the variables' own landmarks (their mean
 * and a few standard deviations to either side), so that variables of very different width are all
 * resolved. The result is normalised; whoever draws from it and logs it logs the exact propensity,
 * whatever the quadrature error.
 */
public final class ArgmaxProbability {
  private static final double[] LANDMARKS = {-6.5, -4, -2.6, -1.3, 0, 1.3, 2.6, 4, 6.5};
  private static final double[] NODES = {
    -0.932469514203152,
    -0.6612093864662645,
    -0.2386191860831969,
    0.2386191860831969,
    0.6612093864662645,
    0.932469514203152
  };
  private static final double[] WEIGHTS = {
    0.1713244923791704,
    0.3607615730481386,
    0.467913934572691,
    0.467913934572691,
    0.3607615730481386,
    0.1713244923791704
  };

  /** A maximum below a point with this probability is left out of the integral. */
  private static final double NEGLIGIBLE = 1e-11;

  private static final int HALVINGS = 6;
  private static final double NARROWEST = 1e-9;

  /**
   * Edges closer than this share of the narrowest deviation are one: without it the intervals, and
   * so the work, would grow with the square of the number of variables.
   */
  private static final double CLOSE = 0.8;

  private ArgmaxProbability() {}

  /**
   * Probability of each variable to be the largest.
   *
   * @param mean means of the variables, {@code double[n]}, finite
   * @param deviation standard deviations, {@code double[n]}, >= 0; 0 counts as very narrow, so that
   *     equal certain variables share the probability
   * @return {@code double[n]}, summing to 1 up to rounding
   * @throws IllegalArgumentException if the lengths differ, are 0, or a value is not finite
   */
  public static double[] of(double[] mean, double[] deviation) {
    int n = mean.length;
    if (n == 0 || deviation.length != n) {
      throw new IllegalArgumentException(
          "means and deviations must be non-empty and of equal length, but have "
              + n
              + " and "
              + deviation.length);
    }
    double[] width = new double[n];
    double floor = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      if (!Double.isFinite(mean[i]) || !(deviation[i] >= 0) || Double.isInfinite(deviation[i])) {
        throw new IllegalArgumentException(
            "variable " + i + " has mean " + mean[i] + " and deviation " + deviation[i]);
      }
      width[i] = Math.max(deviation[i], NARROWEST);
      floor = Math.max(floor, mean[i] + LANDMARKS[0] * width[i]);
    }
    double[] probability = new double[n];
    if (n == 1) {
      probability[0] = 1;
      return probability;
    }
    double[] edges = edges(mean, width, raised(floor, mean, width));
    double[] z = new double[n];
    double[] distribution = new double[n];
    double[] after = new double[n + 1];
    for (int e = 0; e + 1 < edges.length; e++) {
      double half = 0.5 * (edges[e + 1] - edges[e]);
      if (half <= 0) {
        continue;
      }
      double middle = edges[e] + half;
      for (int k = 0; k < NODES.length; k++) {
        double t = middle + half * NODES[k];
        after[n] = 1;
        for (int i = n - 1; i >= 0; i--) {
          z[i] = (t - mean[i]) / width[i];
          distribution[i] = StandardNormal.distribution(z[i]);
          after[i] = after[i + 1] * distribution[i];
        }
        double before = half * WEIGHTS[k];
        for (int i = 0; i < n; i++) {
          double others = before * after[i + 1];
          if (others > 0) {
            probability[i] += others * StandardNormal.density(z[i]) / width[i];
          }
          before *= distribution[i];
        }
      }
    }
    double sum = 0;
    for (double p : probability) {
      sum += p;
    }
    for (int i = 0; i < n; i++) {
      probability[i] /= sum;
    }
    return probability;
  }

  /** The more variables, the higher lies what their maximum hardly ever falls short of. */
  private static double raised(double floor, double[] mean, double[] width) {
    double low = floor;
    double high = Double.NEGATIVE_INFINITY;
    for (double m : mean) {
      high = Math.max(high, m);
    }
    for (int step = 0; step < HALVINGS; step++) {
      double middle = low + (high - low) / 2;
      double below = 1;
      for (int i = 0; i < mean.length && below > NEGLIGIBLE; i++) {
        below *= StandardNormal.distribution((middle - mean[i]) / width[i]);
      }
      if (below <= NEGLIGIBLE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double[] edges(double[] mean, double[] width, double floor) {
    double[] edges = new double[mean.length * LANDMARKS.length + 1];
    edges[0] = floor;
    int count = 1;
    for (int i = 0; i < mean.length; i++) {
      for (double landmark : LANDMARKS) {
        double edge = mean[i] + landmark * width[i];
        if (edge > floor) {
          edges[count++] = edge;
        }
      }
    }
    Arrays.sort(edges, 0, count);
    double narrowest = Double.POSITIVE_INFINITY;
    for (double w : width) {
      narrowest = Math.min(narrowest, w);
    }
    int kept = 1;
    for (int e = 1; e < count; e++) {
      if (edges[e] - edges[kept - 1] >= CLOSE * narrowest || e == count - 1) {
        edges[kept++] = edges[e];
      }
    }
    return Arrays.copyOf(edges, kept);
  }
}
