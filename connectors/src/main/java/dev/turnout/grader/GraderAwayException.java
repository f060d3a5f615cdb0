package dev.turnout.grader;

import org.jspecify.annotations.Nullable;

/** Whoever gives the opinion cannot be asked, and was waited for long enough. */
public final class GraderAwayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what is away, and the remedy, in the message. */
  public GraderAwayException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
