package dev.turnout.lab.eval.fold;

/**
 * What a router says about queries that it was not trained on.
 *
 * @param ranking {@code double[queries][llms]}, the highest is chosen where cost does not count
 * @param success {@code double[queries][llms]}, predicted success in 0..1; NaN where not judged
 */
public record HeldOut(double[][] ranking, double[][] success) {}
