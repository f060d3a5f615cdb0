package dev.turnout.console.traffic;

/** What is counted or summed. Stored by its place: add at the end, and reuse none. */
public enum Measure {
  /** Decisions for an LLM. */
  DECISIONS,
  /** Of these, random ones. */
  EXPLORED,
  /** Of these, on queries unlike those trained on. */
  UNUSUAL,
  /** Of these, not made on the normal path. */
  FALLBACKS,
  /** Sum of the waits before decisions, in microseconds. */
  QUEUE_MICROS,
  /** Sum of the encoder's shares, in microseconds. */
  ENCODE_MICROS,
  /** Sum of scoring and choice, in microseconds. */
  DECIDE_MICROS,
  /** Sum of the sizes of the batches that decisions were encoded in. */
  BATCH_SIZES,
  /** Answers. */
  SUCCEEDED,
  /** Calls that failed, not counting those nobody wanted any more. */
  FAILED,
  /** Calls that took too long. */
  TIMED_OUT,
  /** Requests the LLM refused as the client's mistake. */
  REJECTED,
  /** Calls nobody wanted any more. */
  CANCELLED,
  /** Sum of what calls cost, in USD. */
  COST_USD,
  /** Calls of which the cost is known. */
  COSTS,
  /** Sum of answers' latencies, in milliseconds. */
  LATENCY_MILLIS,
  /** Answers of which the latency is known. */
  LATENCIES,
  /** Tokens of prompts. */
  PROMPT_TOKENS,
  /** Tokens of answers. */
  ANSWER_TOKENS,
  /** Grades. */
  GRADES,
  /** Sum of rewards. */
  REWARD,
  /** Sum of squared rewards. */
  REWARD_SQUARES,
  /** Answers for grading only. */
  SHADOWS,
  /** What they cost, in USD. */
  SHADOW_COST_USD,
  /** Dead letters. */
  DEAD_LETTERS,
  /** Records that could not be read. */
  UNREADABLE
}
