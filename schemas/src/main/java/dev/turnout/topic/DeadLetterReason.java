package dev.turnout.topic;

/**
 * Why the router dead-lettered a query, or a worker a request; the name is the value of the header
 * {@code turnout.dlq.reason}, and the error code that the gateway gives.
 */
public enum DeadLetterReason {
  /** A tombstone: the queries topic is not compacted, so a null value says nothing. */
  NULL_VALUE,
  /** The bytes are not a query in the Confluent wire format. */
  UNDECODABLE,
  /** The schema registry does not know the record's schema id. */
  UNKNOWN_SCHEMA,
  /** The query has no id, so no answer could be matched to it. */
  MISSING_ID,
  /** The query's id is longer than 1,024 bytes of UTF-8. */
  ID_TOO_LONG,
  /** The text is empty or blank. */
  EMPTY_TEXT,
  /**
   * The record or something in it is larger than its limit; the detail says what, and by how much.
   */
  TOO_LARGE,
  /** The text is mostly not text: control or replacement characters. */
  NOT_TEXT,
  /** The query's constraints contradict themselves, e.g. a negative weight. */
  INVALID_CONSTRAINTS,
  /** The query names a topic for its reply that replies may not go to. */
  REPLY_TO_NOT_ALLOWED,
  /** The query's deadline had passed before it could be routed. */
  DEADLINE_PASSED,
  /** The tenant's budget has too little left for any LLM that may answer. */
  BUDGET_EXHAUSTED,
  /** No LLM takes requests. */
  NO_LLM,
  /** The LLM, or the workers asked for it, failed at every delivery of a request. */
  ATTEMPTS_EXHAUSTED,
  /** Routing failed in a way that no other reason covers; the detail says how. */
  INTERNAL_ERROR
}
