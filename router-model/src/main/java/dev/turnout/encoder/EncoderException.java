package dev.turnout.encoder;

/** An encoder could not be opened or a batch could not be encoded; the message names the remedy. */
public class EncoderException extends RuntimeException {
  public EncoderException(String message) {
    super(message);
  }

  public EncoderException(String message, Throwable cause) {
    super(message, cause);
  }
}
