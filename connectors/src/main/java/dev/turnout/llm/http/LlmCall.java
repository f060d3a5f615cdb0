package dev.turnout.llm.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.failure.LlmFailures;
import dev.turnout.schema.Query;
import dev.turnout.telemetry.TraceContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One request to an LLM over all its attempts. Safe for use by several threads. */
final class LlmCall {

  /** With less time than that before a deadline, the failure is told rather than tried again. */
  private static final Duration TOO_LITTLE = Duration.ofMillis(500);

  private final Query query;
  private final ObjectNode chat;
  private final @Nullable ChunkListener chunks;
  private final @Nullable TraceContext trace;
  private final LlmFailures failures;
  private final Instant patience;
  private volatile boolean handedOn;
  private volatile boolean hopeless;

  /**
   * A call.
   *
   * @param chat the request, as chat-completions has it
   * @param chunks null when the answer shall come whole
   * @param trace what its server is told; null for nothing
   * @param patience until when it may be put off for a server that wants to be left alone
   */
  LlmCall(
      Query query,
      ObjectNode chat,
      @Nullable ChunkListener chunks,
      @Nullable TraceContext trace,
      LlmFailures failures,
      Instant patience) {
    this.query = query;
    this.chat = chat;
    this.chunks = chunks;
    this.trace = trace;
    this.failures = failures;
    this.patience = patience;
  }

  /** A copy of the request, for one attempt. */
  ObjectNode chat() {
    return chat.deepCopy();
  }

  @Nullable ChunkListener chunks() {
    return chunks;
  }

  @Nullable TraceContext trace() {
    return trace;
  }

  LlmFailures failures() {
    return failures;
  }

  /** Whether the whole response is wanted, not the text alone. */
  boolean isChat() {
    return query.getChat() != null;
  }

  /** A piece goes to whoever waits; from now on a second attempt would tell a second story. */
  void handOn() {
    handedOn = true;
  }

  /** Whether there is time to put the call off. */
  boolean hasTimeFor(Duration pause, Instant now) {
    return now.plus(pause).isBefore(patience);
  }

  /** Another attempt would be too late or too early. */
  void giveUp() {
    hopeless = true;
  }

  boolean worthAnotherAttempt(@Nullable Throwable failure, Instant now) {
    return failure instanceof LlmException llm
        && llm.kind() == LlmException.Kind.TRANSIENT
        && !handedOn
        && !hopeless
        && (query.getDeadline() == null || now.plus(TOO_LITTLE).isBefore(query.getDeadline()));
  }

  /**
   * How long an attempt may take.
   *
   * @param longest without a deadline
   * @throws LlmException if the deadline has passed
   */
  Duration timeLeft(Duration longest, Instant now) {
    if (query.getDeadline() == null) {
      return longest;
    }
    Duration left = Duration.between(now, query.getDeadline());
    if (left.isNegative() || left.isZero()) {
      throw failures.of(
          LlmException.Kind.TIMED_OUT,
          "its deadline has passed",
          "the deadline " + query.getDeadline() + " has passed",
          null);
    }
    return left.compareTo(longest) < 0 ? left : longest;
  }
}
