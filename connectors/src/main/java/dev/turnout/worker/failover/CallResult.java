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
   * @param reason the failure in words for everybody: no address is in it
   * @param begun when the LLM was first asked; null when it never was
   * @param last whether the request is at its end whatever other LLMs there are
   */
  record Failed(Throwable failure, String reason, @Nullable Instant begun, boolean last)
      implements CallResult {}

  /** Nobody wants the answer. */
  record Abandoned() implements CallResult {}
}
