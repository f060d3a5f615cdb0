package dev.turnout.budget;

import java.time.Instant;

/**
 * What of a {@link BudgetAccount} must outlive a restart beside its open reservations.
 *
 * @param settings what the tenant may spend
 * @param start when the budget began
 * @param latest the latest moment seen
 * @param bucketUsd money in the bucket, reservations not yet taken off
 * @param reservedUsd sum of the open reservations, kept so that a restart repeats its rounding
 * @param spentUsd money spent since the start
 * @param price the dual variable, unrounded
 * @param nextNumber number of the next reservation
 */
public record BudgetSnapshot(
    BudgetSettings settings,
    Instant start,
    Instant latest,
    double bucketUsd,
    double reservedUsd,
    double spentUsd,
    double price,
    long nextNumber) {}
