package dev.turnout.kafka;

/** Where a group starts that is new. */
public enum StartFrom {
  /** At the end: what its topics hold already is left out. */
  LATEST,
  /** At the beginning: all that its topics hold is read. */
  EARLIEST
}
