package dev.turnout.streams;

import dev.turnout.topic.DeadLetterReason;
import java.util.Optional;

/** What else is to be sent when a record that failed is dead-lettered, e.g. to who waits for it. */
@FunctionalInterface
public interface Accompaniment<V> {

  /**
   * The other record.
   *
   * @param value of the record that failed
   * @param detail what went wrong, in words
   * @return empty if there is none; must not throw
   */
  Optional<Companion> of(V value, DeadLetterReason reason, String detail);

  /**
   * A record besides a dead letter.
   *
   * @param sink name of the sink that it goes to, a child of the guarded processor
   */
  record Companion(byte[] key, Object value, String sink) {}

  /** None. */
  static <V> Accompaniment<V> none() {
    return (value, reason, detail) -> Optional.empty();
  }
}
