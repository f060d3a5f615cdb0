package dev.turnout.model;

/** How strongly a query belongs to the cells of a {@link CellBank}. */
public enum Membership {
  /** 1 for the nearest centroid, 0 for all others. */
  HARD,
  /** Softmax of minus half the squared distances over the bank's scale; sums to 1. */
  SOFT,
  /** exp(-half the squared distance / scale), each cell by itself: radial basis functions. */
  KERNEL
}
