package dev.turnout.llm;

import org.jspecify.annotations.Nullable;

/** An LLM gave no answer. */
public final class LlmException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What kind of failure it was, which decides what happens next. */
  public enum Kind {
    /** Overloaded, unreachable or broken: another attempt may succeed. */
    TRANSIENT,
    /** No answer in time. */
    TIMED_OUT,
    /** The LLM will not answer this request, e.g. too long for it: another attempt is useless. */
    REJECTED,
    /** Our own fault, e.g. a wrong key: a person has to act, other requests will fail alike. */
    MISCONFIGURED
  }

  /** With the LLM, the place and the remedy in the message. */
  public LlmException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of failure it was. */
  public Kind kind() {
    return kind;
  }
}
