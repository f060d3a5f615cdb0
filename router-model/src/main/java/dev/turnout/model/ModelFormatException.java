package dev.turnout.model;

/** Bytes are not a usable router model; the message says what is wrong and what to do. */
public class ModelFormatException extends RuntimeException {
  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
