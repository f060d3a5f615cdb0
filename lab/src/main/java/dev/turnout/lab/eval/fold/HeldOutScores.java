package dev.turnout.lab.eval.fold;

/**
 * What a router says about queries that it was not trained on.
 *
 * @param ranking {@code double[queries][llms]}, the highest is chosen where cost does not count
 * @param success {@code double[queries][llms]}, predicted success in 0..1; NaN where not judged
 * @param costUsd expected costs, {@code double[queries][llms]}; NaN where the router has learnt
 *     none; empty for one that learns none
 */
public record HeldOutScores(double[][] ranking, double[][] success, double[][] costUsd) {

  /** What is said by a router that learns no costs. */
  public HeldOutScores(double[][] ranking, double[][] success) {
    this(ranking, success, new double[0][]);
  }
}
