package dev.turnout.learner.join;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the join keeps of an outcome. Workers report at least once, and may ask an LLM twice, so
 * several reports of one call may come, and calls of several attempts. What an answer cost is told
 * by one of them: by a success before a failure, then by the latest attempt, then by whichever
 * report came first.
 *
 * @param llm who was asked
 * @param succeeded whether it answered
 * @param attempt number of the request, from 1
 * @param cost what it took
 */
record AnswerReport(String llm, boolean succeeded, int attempt, AnswerCost cost) {

  static AnswerReport of(Outcome outcome) {
    return new AnswerReport(
        outcome.getLlm(),
        outcome.getStatus() == OutcomeStatus.SUCCEEDED,
        outcome.getAttempt(),
        new AnswerCost(outcome.getCostUsd(), outcome.getLatencyMs()));
  }

  /** Whether this LLM answered after another had failed. */
  boolean insteadOfAnother() {
    return succeeded && attempt > 1;
  }

  /** Whether this tells what the answer cost although the other came before it. */
  boolean supersedes(AnswerReport other) {
    return succeeded == other.succeeded ? attempt > other.attempt : succeeded;
  }

  byte[] bytes() {
    byte[] name = llm.getBytes(StandardCharsets.UTF_8);
    Double usd = cost.costUsd();
    Long latency = cost.latencyMs();
    return ByteBuffer.allocate(1 + Integer.BYTES + Double.BYTES + Long.BYTES + name.length)
        .put((byte) (succeeded ? 1 : 0))
        .putInt(attempt)
        .putDouble(usd == null ? Double.NaN : usd)
        .putLong(latency == null ? -1 : latency)
        .put(name)
        .array();
  }

  /** Reads {@link #bytes}. */
  static AnswerReport read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean succeeded = in.get() != 0;
    int attempt = in.getInt();
    AnswerCost cost = new AnswerCost(in.getDouble(), in.getLong());
    return new AnswerReport(StandardCharsets.UTF_8.decode(in).toString(), succeeded, attempt, cost);
  }
}
