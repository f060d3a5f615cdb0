package dev.turnout.control;

import org.jspecify.annotations.Nullable;

/**
 * What is done with the records of a followed topic; called on the follower's thread only.
 *
 * @param <V> the records' type
 */
public interface TopicListener<V> {

  /**
   * Takes in one record.
   *
   * @throws RuntimeException if the record makes no sense: it is logged and left out, the topic
   *     goes on
   */
  void read(V value);

  /** Takes in a tombstone: what stood under this key is gone. */
  default void readRemoval(@Nullable String key) {}

  /** Told of a record that does not decode or made no sense; it has been logged. */
  default void leftOut() {}

  /**
   * Called after every poll, also after an empty one.
   *
   * @param caughtUp true once all records that existed at the start have been read
   */
  default void settle(boolean caughtUp) {}
}
