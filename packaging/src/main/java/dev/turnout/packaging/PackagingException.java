package dev.turnout.packaging;

/** What was asked for cannot be packaged; the message says why and what helps. */
public final class PackagingException extends RuntimeException {
  PackagingException(String message) {
    super(message);
  }

  PackagingException(String message, Throwable cause) {
    super(message, cause);
  }
}
