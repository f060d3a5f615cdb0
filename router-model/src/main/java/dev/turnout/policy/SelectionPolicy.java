package dev.turnout.policy;

import java.util.random.RandomGenerator;

/**
 * A pure function from scored candidates to a selection. Randomness comes in through the parameter,
 * so equal inputs and an equally seeded generator give equal selections. Adding a policy is adding
 * one file.
 */
public interface SelectionPolicy {

  /** Name as used in configuration, queries and decisions, e.g. {@code argmax}. */
  String name();

  /**
   * Selects one of the candidates.
   *
   * @param request candidates (at least one eligible) and the query's preferences
   * @param random source of every random choice
   * @return the selection, with the exact propensity of every candidate
   */
  Selection select(SelectionRequest request, RandomGenerator random);
}
