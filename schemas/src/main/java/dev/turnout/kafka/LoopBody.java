package dev.turnout.kafka;

import java.util.function.Supplier;

/** What a {@link SupervisedLoop} does. All but {@link #wakeUp} is called on the loop's thread. */
@FunctionalInterface
public interface LoopBody extends AutoCloseable {

  /**
   * One turn; called again and again. A turn is short: seconds at most.
   *
   * @throws Exception when the turn failed; the next one comes after the back-off
   */
  void turn() throws Exception;

  /** Told, by whichever thread closes the loop, that it is to end soon; does not wait. */
  default void wakeUp() {}

  /** Whether turns are still needed although the loop is closing, e.g. for what is under way. */
  default boolean unfinished() {
    return false;
  }

  /** Called once, after the last turn. */
  @Override
  default void close() {}

  /** A body that is closed when a turn fails, and opened anew for the next one. */
  static LoopBody reopened(Supplier<? extends LoopBody> opening) {
    return new ReopenedBody(opening);
  }
}
