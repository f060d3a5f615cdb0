package dev.turnout.dlq;

import org.jspecify.annotations.Nullable;

/** Dead letters cannot be dealt with as asked, and what would be right. */
public final class DeadLetterFailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeadLetterFailureException(String message) {
    this(message, null);
  }

  DeadLetterFailureException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
