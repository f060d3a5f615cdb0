package dev.turnout.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What went wrong, out of what a future puts around it. */
public final class FutureFailure {

  private FutureFailure() {}

  /**
   * The failure itself.
   *
   * @param failure as a stage of a future, or whoever waits for it, gets it
   */
  public static Throwable cause(Throwable failure) {
    @Nullable Throwable cause = failure.getCause();
    boolean wrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapped && cause != null ? cause : failure;
  }
}
