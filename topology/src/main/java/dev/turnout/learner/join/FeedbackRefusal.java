package dev.turnout.learner.join;

/**
 * Why a record was dead-lettered by the learner; the value of the header {@code
 * turnout.dlq.reason}.
 */
public enum FeedbackRefusal {
  /** The record has no value. */
  NULL_VALUE,
  /** The bytes are no decision, outcome or grade, whichever the topic holds. */
  UNDECODABLE,
  /** A decision or outcome names no query or LLM, or one that is not usable. */
  INVALID_RECORD,
  /** The record, or a field of it, is larger than its limit. */
  TOO_LARGE,
  /** The reward is not a number, the grade names no query or LLM, or a name is not usable. */
  INVALID_GRADE,
  /** No decision of that query came within {@code learner.patience}. */
  NO_DECISION,
  /**
   * The query's decision sent it to other LLMs than the one graded, which no fail-over brought it
   * to.
   */
  WRONG_LLM,
  /** The decision carries no embedding, so nothing can be learnt from its grades. */
  NO_EMBEDDING,
  /** The grader is above its rate. */
  GRADER_RATE,
  /** The query's answer has been graded by as many graders as may grade one. */
  TOO_MANY_GRADERS
}
