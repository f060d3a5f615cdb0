package dev.turnout.app.data;

import org.jspecify.annotations.Nullable;

/** Outcome data cannot be used as it is: the message names the file, the place and the remedy. */
public final class OutcomeDataException extends RuntimeException {

  /**
   * @param place file, and where known line and field, e.g. {@code outcomes.jsonl line 3, field
   *     "scores.mixtral"}
   * @param problem what is wrong, with the offending value
   * @param remedy what the user should do about it
   */
  public OutcomeDataException(
      String place, String problem, String remedy, @Nullable Throwable cause) {
    super(place + ": " + problem + "; " + remedy, cause);
  }

  public OutcomeDataException(String place, String problem, String remedy) {
    this(place, problem, remedy, null);
  }
}
