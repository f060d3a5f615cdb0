package dev.turnout.eval;

/**
 * How long score and choice take, without encoding.
 *
 * @param p50Micros median in microseconds
 * @param p99Micros 99 % quantile in microseconds
 */
public record DecisionTime(double p50Micros, double p99Micros) {}
