package dev.turnout.router;

/** Topics that the router needs do not exist; the message names them and the remedy. */
public final class MissingTopicsException extends RuntimeException {
  MissingTopicsException(String message) {
    super(message);
  }
}
