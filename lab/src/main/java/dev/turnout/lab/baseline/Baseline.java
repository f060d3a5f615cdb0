package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;

/** A router or a bound to be measured against. Stateless; equal inputs and seeds fit equally. */
public interface Baseline {

  /** Name in tables and JSON, e.g. {@code knn}. */
  String name();

  /** What it is and where it comes from, one line for people. */
  String description();

  /** True when it looks at the rewards of the routed queries: a bound, not a router. */
  default boolean hindsight() {
    return false;
  }

  /** True when the seed can change the outcome. */
  default boolean seeded() {
    return false;
  }

  /**
   * Fits on training queries.
   *
   * @param train at least one query
   * @param seed source of every random choice
   */
  FittedBaseline fit(EncodedQueries train, long seed);
}
