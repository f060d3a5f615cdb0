package dev.turnout.topic;

/** What became of a dead letter. */
public enum DeadLetterState {
  /** Nobody has dealt with it. */
  WAITING,
  /** The refused record was sent to its topic once more. */
  REPLAYED,
  /** Somebody decided that nothing is to become of it. */
  DROPPED
}
