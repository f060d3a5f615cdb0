package dev.turnout.belief;

import java.util.concurrent.CancellationException;

/** Asked in the outer loops of a long computation whether to go on. */
@FunctionalInterface
public interface StopSignal {

  /** Whether the computation shall end now. */
  boolean stopped();

  /**
   * Ends the computation that asks if it shall.
   *
   * @throws CancellationException if it shall
   */
  default void check() {
    if (stopped()) {
      throw new CancellationException("the computation was told to stop");
    }
  }

  /** Lets a computation end by itself. */
  static StopSignal never() {
    return () -> false;
  }
}
