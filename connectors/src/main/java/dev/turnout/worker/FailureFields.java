package dev.turnout.worker;

import dev.turnout.llm.LlmException;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;

/** What the failure of an LLM's last call says, as fields of its outcome. */
final class FailureFields {

  private FailureFields() {}

  /** What has become of a request whose last call failed so. */
  static OutcomeStatus status(Throwable failure) {
    if (failure instanceof LlmException llm) {
      return switch (llm.kind()) {
        case TIMED_OUT -> OutcomeStatus.TIMED_OUT;
        case REJECTED -> OutcomeStatus.REJECTED;
        case TRANSIENT, MISCONFIGURED, CANCELLED -> OutcomeStatus.FAILED;
      };
    }
    return OutcomeStatus.FAILED;
  }

  /** Fills an outcome with what the LLM's server said, and when it may be asked again. */
  static Outcome.Builder fill(Outcome.Builder outcome, Throwable failure) {
    outcome.setError(BoundedText.cut(String.valueOf(failure.getMessage()), FieldLimits.ERROR));
    if (failure instanceof LlmException llm && llm.refusal() != null) {
      LlmException.Refusal refusal = llm.refusal();
      String body = refusal.body();
      outcome
          .setHttpStatus(refusal.status())
          .setErrorBody(
              llm.kind() == LlmException.Kind.REJECTED
                      && body != null
                      && BoundedText.bytes(body) <= FieldLimits.ERROR_BODY
                  ? body
                  : null)
          .setRetryAfterMs(refusal.retryAfter() == null ? null : refusal.retryAfter().toMillis());
    }
    return outcome;
  }
}
