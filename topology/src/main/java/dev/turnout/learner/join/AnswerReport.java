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

  private static final byte FAILED = 2;
  private static final byte SUCCEEDED = 3;

  /** As releases wrote it that knew nothing of lengths, beside 0; such reports may be kept yet. */
  private static final byte SUCCEEDED_WITHOUT_LENGTH = 1;

  static AnswerReport of(Outcome outcome) {
    return new AnswerReport(
        outcome.getLlm(),
        outcome.getStatus() == OutcomeStatus.SUCCEEDED,
        outcome.getAttempt(),
        new AnswerCost(
            outcome.getCostUsd(), outcome.getLatencyMs(), outcome.getCompletionTokens()));
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
    Long tokens = cost.completionTokens();
    return ByteBuffer.allocate(1 + Integer.BYTES + Double.BYTES + 2 * Long.BYTES + name.length)
        .put(succeeded ? SUCCEEDED : FAILED)
        .putInt(attempt)
        .putDouble(usd == null ? Double.NaN : usd)
        .putLong(latency == null ? -1 : latency)
        .putLong(tokens == null ? -1 : tokens)
        .put(name)
        .array();
  }

  /** Reads {@link #bytes}. */
  static AnswerReport read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte kind = in.get();
    int attempt = in.getInt();
    double usd = in.getDouble();
    long latency = in.getLong();
    long tokens = kind == SUCCEEDED || kind == FAILED ? in.getLong() : -1;
    boolean succeeded = kind == SUCCEEDED || kind == SUCCEEDED_WITHOUT_LENGTH;
    AnswerCost cost = new AnswerCost(usd, latency, tokens);
    return new AnswerReport(StandardCharsets.UTF_8.decode(in).toString(), succeeded, attempt, cost);
  }
}
