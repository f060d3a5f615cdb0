package dev.turnout.budget;

import java.time.Instant;

/**
 * Money reserved for a request in flight.
 *
 * @param usd how much, > 0
 * @param at when, by the account's time
 * @param number its place in the order of the account's reservations
 */
public record Reservation(double usd, Instant at, long number) {}
