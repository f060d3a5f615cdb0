package dev.turnout.worker.failover;

import dev.turnout.llm.Completion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of asking an LLM for one request. */
public sealed interface CallResult {

  /**
   * The LLM answered.
   *
   * @param begun when the call began that it answered
   */
  record Answered(Completion completion, Instant begun) implements CallResult {}

  /**
   * There is no answer.
   *
   * @param failure a {@link dev.turnout.llm.LlmException} where the client or the breaker says why
   * @param begun when the LLM was first asked; null when it never was
   * @param last whether the request is at its end whatever other LLMs there are
   */
  record Failed(Throwable failure, @Nullable Instant begun, boolean last) implements CallResult {}

  /** Nobody wants the answer. */
  record Abandoned() implements CallResult {}
}
