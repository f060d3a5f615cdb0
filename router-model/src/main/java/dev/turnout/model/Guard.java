package dev.turnout.model;

import org.jspecify.annotations.Nullable;

/**
 * Tells queries that are far from the training data. The distance of a query is the mean squared
 * Euclidean distance from {@code whitening * x} to its nearest prototypes. One prototype at the
 * mean with a whitening matrix is the Mahalanobis distance; many without whitening is a
 * nearest-neighbour distance.
 *
 * @param whitening {@code [rank x encoder dimension]}, null for the identity
 * @param prototypes {@code [prototypes x rank]}, or x encoder dimension without whitening
 * @param neighbours how many nearest prototypes count, 1..prototypes
 * @param threshold distance above which a query is out of distribution: a quantile of the distances
 *     of held-out training queries
 */
public record Guard(
    @Nullable Matrix whitening, Matrix prototypes, int neighbours, double threshold) {
  public Guard {
    if (neighbours < 1 || neighbours > prototypes.rows()) {
      throw new IllegalArgumentException(
          "neighbours must be 1.." + prototypes.rows() + ", was " + neighbours);
    }
    if (whitening != null && whitening.rows() != prototypes.columns()) {
      throw new IllegalArgumentException(
          "whitening has rank "
              + whitening.rows()
              + ", prototypes have "
              + prototypes.columns()
              + " dimensions");
    }
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException("threshold must be >= 0: " + threshold);
    }
  }

  /** Length of the query vectors that the guard measures. */
  public int dimension() {
    return whitening == null ? prototypes.columns() : whitening.columns();
  }
}
