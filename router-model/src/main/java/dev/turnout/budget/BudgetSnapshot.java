package dev.turnout.budget;

import java.time.Instant;
import java.util.List;

/**
 * What of a {@link BudgetAccount} must outlive a restart.
 *
 * @param bucketUsd money in the bucket, reservations not yet taken off
 * @param spentUsd money spent since the start
 * @param price the dual variable, unrounded
 * @param latest the latest moment seen
 * @param reservations of queries in flight, oldest first
 */
public record BudgetSnapshot(
    double bucketUsd,
    double spentUsd,
    double price,
    Instant latest,
    List<Reservation> reservations) {
  public BudgetSnapshot {
    reservations = List.copyOf(reservations);
  }

  /** Money reserved for a query in flight. */
  public record Reservation(String queryId, double usd, Instant at) {}
}
