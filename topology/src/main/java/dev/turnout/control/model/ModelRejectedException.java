package dev.turnout.control.model;

/** A published router model that must not serve; the message says which one, why and what to do. */
public final class ModelRejectedException extends RuntimeException {
  ModelRejectedException(String message) {
    super(message);
  }

  ModelRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
