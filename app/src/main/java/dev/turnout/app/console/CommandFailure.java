package dev.turnout.app.console;

/** A command cannot go on. The message names the thing, the place and the remedy, in one line. */
public final class CommandFailure extends RuntimeException {
  public CommandFailure(String message) {
    super(message);
  }

  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
