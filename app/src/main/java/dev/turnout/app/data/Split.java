package dev.turnout.app.data;

/** What a query is for. */
public enum Split {
  /** Settings and models are made from these alone. */
  TRAIN,
  /** In distribution: other queries of the trained tasks. Only ever reported. */
  TEST,
  /** Out of distribution: tasks never trained on. Only ever reported. */
  OOD
}
