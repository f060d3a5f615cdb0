package dev.turnout.worker.failover;

import dev.turnout.llm.LlmException;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed call says about its LLM.
 *
 * @param kind what to make of it
 * @param reason in words
 * @param told whether the LLM's server said so itself; else the way to it may be to blame
 * @param retryAfter how long it wants to be left alone; null when it does not say
 */
record Failure(Kind kind, String reason, boolean told, @Nullable Duration retryAfter) {

  /** A server that asks to be left alone for longer is asked after this all the same. */
  private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

  enum Kind {
    /** Nothing: it answered that it will not answer this request, or nobody wants the answer. */
    NOT_ITS_FAULT,
    /** It failed; the next call may succeed. */
    BROKEN,
    /** No answer in time. */
    TIMED_OUT,
    /** It takes nobody's requests until a person has acted. */
    REFUSING,
    /** It wants to be left alone for a while. */
    OVERLOADED
  }

  /** Reads what a client threw. */
  static Failure of(Throwable thrown) {
    Throwable cause = cause(thrown);
    String reason = BoundedText.cut(String.valueOf(cause.getMessage()), FieldLimits.REASON);
    if (!(cause instanceof LlmException llm)) {
      return new Failure(Kind.BROKEN, reason, false, null);
    }
    LlmException.Refusal refusal = llm.refusal();
    boolean told = refusal != null;
    Duration window = refusal == null ? null : bounded(refusal.retryAfter());
    return switch (llm.kind()) {
      case REJECTED, CANCELLED -> new Failure(Kind.NOT_ITS_FAULT, reason, told, null);
      case TIMED_OUT -> new Failure(Kind.TIMED_OUT, reason, told, null);
      case MISCONFIGURED -> new Failure(Kind.REFUSING, reason, told, null);
      case TRANSIENT ->
          new Failure(window == null ? Kind.BROKEN : Kind.OVERLOADED, reason, told, window);
    };
  }

  private static @Nullable Duration bounded(@Nullable Duration window) {
    if (window == null || window.isNegative() || window.isZero()) {
      return null;
    }
    return window.compareTo(LONGEST_WINDOW) > 0 ? LONGEST_WINDOW : window;
  }

  /** The failure itself, out of what a future puts around it. */
  static Throwable cause(Throwable failure) {
    @Nullable Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
