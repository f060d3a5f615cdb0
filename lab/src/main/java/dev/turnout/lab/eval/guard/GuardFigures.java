package dev.turnout.lab.eval.guard;

import java.util.List;

/**
 * What a guard flags.
 *
 * @param stated share of queries in distribution that it is meant to flag
 * @param trained queries that it was fitted on
 * @param heldOut true when the data has no test queries, so that a fifth was held out
 * @param all false alarms over all judged queries in distribution
 * @param tasks the same, task by task
 * @param strangers queries that are not in distribution, kind by kind
 * @param promises how rates of success are kept in distribution
 */
public record GuardFigures(
    double stated,
    int trained,
    boolean heldOut,
    Flagged all,
    List<Flagged> tasks,
    List<Flagged> strangers,
    List<PromiseFigures> promises) {
  public GuardFigures {
    tasks = List.copyOf(tasks);
    strangers = List.copyOf(strangers);
    promises = List.copyOf(promises);
  }

  /**
   * One kind of queries.
   *
   * @param name of the kind
   * @param queries how many were judged
   * @param flagged share of them that the guard flags
   * @param auroc probability that one of them is farther than a query in distribution; NaN for
   *     those themselves
   */
  public record Flagged(String name, int queries, double flagged, double auroc) {}
}
