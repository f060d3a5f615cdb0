package dev.turnout.budget;

import java.time.Instant;

/**
 * A budget as its owner last told of it.
 *
 * @param freeUsd money neither spent nor reserved; negative after overspending
 * @param price predicted success a saved US cent is worth; 0 while the budget does not bind
 * @param at the latest moment whose reservations and costs are counted
 */
public record BudgetView(double freeUsd, double price, Instant at) {}
