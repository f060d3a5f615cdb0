package dev.turnout.model;

/**
 * Tells queries that are far from the training data. The distance of a query is the part of its
 * centred vector that lies outside the leading subspace of the training queries: {@code |x|^2 -
 * |subspace * x|^2}, 0..1 for normalised x.
 *
 * @param subspace {@code [rank x encoder dimension]}, orthonormal rows: the directions along which
 *     the training queries vary most
 * @param threshold distance above which a query is out of distribution: a quantile of the distances
 *     of held-out training queries
 */
public record Guard(Matrix subspace, double threshold) {
  public Guard {
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException("threshold must be >= 0: " + threshold);
    }
  }
}
