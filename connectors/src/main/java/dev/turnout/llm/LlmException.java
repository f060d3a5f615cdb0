package dev.turnout.llm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An LLM gave no answer. */
public final class LlmException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final transient @Nullable Refusal refusal;

  /** What kind of failure it was, which decides what happens next. */
  public enum Kind {
    /** Overloaded, unreachable or broken: another attempt may succeed. */
    TRANSIENT,
    /** No answer in time. */
    TIMED_OUT,
    /** The LLM will not answer this request, e.g. too long for it: another attempt is useless. */
    REJECTED,
    /** Our own fault, e.g. a wrong key: a person has to act, other requests will fail alike. */
    MISCONFIGURED,
    /** Nobody wants the answer any more. */
    CANCELLED
  }

  /**
   * What an LLM's server said.
   *
   * @param status HTTP status
   * @param body its own words as JSON of OpenAI's error; null when they are not for clients, e.g.
   *     of a proxy, or name what is inside
   * @param retryAfter how long it wants to be left alone; null when it does not say
   */
  public record Refusal(int status, @Nullable String body, @Nullable Duration retryAfter) {}

  /** With the LLM, the place and the remedy in the message. */
  public LlmException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, cause, null);
  }

  /** With what the LLM's server said. */
  public LlmException(
      Kind kind, String message, @Nullable Throwable cause, @Nullable Refusal refusal) {
    super(message, cause);
    this.kind = kind;
    this.refusal = refusal;
  }

  /** What kind of failure it was. */
  public Kind kind() {
    return kind;
  }

  /** What the LLM's server said; null when none answered. */
  public @Nullable Refusal refusal() {
    return refusal;
  }
}
