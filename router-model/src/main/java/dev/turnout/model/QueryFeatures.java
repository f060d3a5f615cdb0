package dev.turnout.model;

import java.util.List;

/**
 * From an encoder's vector to the features that the projection sees: {@code phi = [x, memberships
 * of bank 0, memberships of bank 1, ..., 1]} with {@code x = encoder vector - mean}, rescaled to
 * length 1 if {@code normalise}.
 *
 * @param mean {@code [1 x encoder dimension]}: mean of the training vectors
 * @param normalise whether x is rescaled to length 1 after centring
 * @param banks clusterings; the hard cells of the first one name the query's cell; may be empty
 */
public record QueryFeatures(Matrix mean, boolean normalise, List<CellBank> banks) {
  public QueryFeatures {
    banks = List.copyOf(banks);
    if (mean.rows() != 1) {
      throw new IllegalArgumentException("the mean must be a single row, was " + mean);
    }
    for (CellBank bank : banks) {
      if (bank.centroids().columns() != mean.columns()) {
        throw new IllegalArgumentException(
            "centroids have "
                + bank.centroids().columns()
                + " dimensions, the mean has "
                + mean.columns());
      }
    }
  }

  /** Length of the encoder's vectors. */
  public int dimension() {
    return mean.columns();
  }

  /** Length of phi. */
  public int size() {
    return dimension() + banks.stream().mapToInt(CellBank::cells).sum() + 1;
  }

  /** Cells of the first bank, 0 without banks. */
  public int cells() {
    return banks.isEmpty() ? 0 : banks.get(0).cells();
  }
}
