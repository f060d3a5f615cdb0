package dev.turnout.model;

import dev.turnout.model.guard.Familiarity;
import org.jspecify.annotations.Nullable;

/**
 * Tells queries that are far from the training data.
 *
 * @param subspace {@code [rank x encoder dimension]}, orthonormal rows: the directions along which
 *     the training queries vary most
 * @param threshold distance above which a query is out of distribution, by held-out training
 *     queries
 * @param familiarity what distances are measured by; null, as in models of old, for the part of the
 *     centred vector outside of the subspace: {@code |x|^2 - |subspace * x|^2}
 */
public record Guard(Matrix subspace, double threshold, @Nullable Familiarity familiarity) {
  public Guard {
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException("threshold must be >= 0: " + threshold);
    }
    if (familiarity != null && familiarity.vectors().dimension() != subspace.rows() + 1) {
      throw new IllegalArgumentException(
          "the guard's subspace has "
              + subspace.rows()
              + " rows, its mixture "
              + familiarity.vectors().dimension()
              + " dimensions");
    }
  }

  /** A guard that measures what lies outside of the subspace. */
  public Guard(Matrix subspace, double threshold) {
    this(subspace, threshold, null);
  }
}
