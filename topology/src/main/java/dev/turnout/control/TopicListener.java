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
   * @throws RuntimeException if the record is invalid: it is logged and skipped, the topic goes on
   */
  void read(V value);

  /** Takes in a tombstone: what stood under this key is gone. */
  default void readTombstone(@Nullable String key) {}

  /** Called for a record that does not decode or is invalid; it has been logged. */
  default void skipped() {}

  /**
   * Called after every poll, also after an empty one.
   *
   * @param caughtUp true once all records that existed at the start have been read
   */
  default void settle(boolean caughtUp) {}
}
