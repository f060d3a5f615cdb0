package dev.turnout.control.model;

import org.jspecify.annotations.Nullable;

/** Counts what becomes of published models; safe for use by several threads. */
public interface ServingMetrics {

  /** A published model, or a record of the models topic, was refused. */
  void modelRejected();

  /** Another model serves; null for none. */
  void modelServes(@Nullable String version);

  /**
   * Another model is on trial; null for none.
   *
   * @param share of the queries that it serves, 0..1; 0 in shadow
   */
  void modelStaged(@Nullable String version, double share);
}
