package dev.turnout.learner;

/** Why a grade was dead-lettered; the value of the header {@code turnout.dlq.reason}. */
public enum FeedbackRefusal {
  /** The bytes are no grade. */
  UNDECODABLE,
  /** The reward is not a number, or the grade names no query or LLM. */
  INVALID_GRADE,
  /** No decision of that query came within the learner's patience. */
  NO_DECISION,
  /** The query's decision sent it to other LLMs than the one graded. */
  WRONG_LLM,
  /** The decision carries no embedding, so nothing can be learnt from its grades. */
  NO_EMBEDDING,
  /** The grader is above its rate. */
  GRADER_RATE
}
