package dev.turnout.worker.failover;

import dev.turnout.kafka.FutureFailure;
import dev.turnout.llm.LlmException;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a failed call says about its LLM.
 *
 * @param kind what to make of it
 * @param reason in words for everybody: no address, no id of a request
 * @param detail in words for whoever runs the worker
 * @param told whether the LLM's server said so itself; else the way to it may be to blame
 * @param retryAfter how long it wants to be left alone; null when it does not say
 */
record Failure(
    Kind kind, String reason, String detail, boolean told, @Nullable Duration retryAfter) {

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
    Throwable cause = FutureFailure.cause(thrown);
    String detail = BoundedText.cut(String.valueOf(cause.getMessage()), FieldLimits.REASON);
    if (!(cause instanceof LlmException llm)) {
      return new Failure(
          Kind.BROKEN,
          "asking it failed (" + cause.getClass().getSimpleName() + ")",
          detail,
          false,
          null);
    }
    LlmException.Refusal refusal = llm.refusal();
    Duration window = refusal == null ? null : bounded(refusal.retryAfter());
    Kind kind =
        switch (llm.kind()) {
          case REJECTED, CANCELLED -> Kind.NOT_ITS_FAULT;
          case TIMED_OUT -> Kind.TIMED_OUT;
          case MISCONFIGURED -> Kind.REFUSING;
          case TRANSIENT -> window == null ? Kind.BROKEN : Kind.OVERLOADED;
        };
    return new Failure(kind, reason(llm), detail, refusal != null, window);
  }

  private static String reason(LlmException failure) {
    LlmException.Refusal refusal = failure.refusal();
    if (refusal != null) {
      String meaning =
          switch (refusal.status()) {
            case 401, 403 -> ", it refuses the worker's API key";
            case 404, 405 -> ", it knows no such model or path";
            case 429 -> ", too many requests";
            default -> "";
          };
      return "HTTP " + refusal.status() + meaning;
    }
    return switch (failure.kind()) {
      case TIMED_OUT -> "no answer in time";
      case CANCELLED -> "cancelled";
      case REJECTED -> "it does not answer this request";
      case MISCONFIGURED -> "its worker is not configured rightly";
      case TRANSIENT -> "it cannot be reached";
    };
  }

  private static @Nullable Duration bounded(@Nullable Duration window) {
    if (window == null || window.isNegative() || window.isZero()) {
      return null;
    }
    return window.compareTo(LONGEST_WINDOW) > 0 ? LONGEST_WINDOW : window;
  }
}
