package dev.turnout.model;

/**
 * One clustering of the query space whose memberships are features. Several banks side by side
 * average out the arbitrariness of a single clustering.
 *
 * @param membership how a query belongs to the cells
 * @param centroids {@code [cells x encoder dimension]}, in the space of the centred (and perhaps
 *     normalised) query vectors
 * @param scale squared distance over which a soft or kernel membership fades, > 0; unused when hard
 * @param weight factor on every membership before it becomes a feature, > 0
 */
public record CellBank(Membership membership, Matrix centroids, double scale, double weight) {
  public CellBank {
    if (!(scale > 0) || !(weight > 0)) {
      throw new IllegalArgumentException(
          "scale and weight of a cell bank must be positive: " + scale + ", " + weight);
    }
  }

  /** Hard cells of weight 1. */
  public static CellBank hard(Matrix centroids) {
    return new CellBank(Membership.HARD, centroids, 1, 1);
  }

  /** Number of cells. */
  public int cells() {
    return centroids.rows();
  }
}
