package dev.turnout.gateway.memory;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The latest values by id, up to a number and to a weight in bytes; the oldest go first.
 * Thread-safe.
 *
 * <p>No cache that evicts by frequency will do, such as Caffeine: each query is new and asked for
 * once or twice, soon after it was decided, so that frequency keeps the old values and refuses the
 * new ones.
 */
public final class Remembered<T> {

  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();
  private final int most;
  private final long mostBytes;
  private long bytes;

  private record Entry<T>(T value, long bytes) {}

  /** Remembers nothing yet. */
  public Remembered(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /**
   * Remembers the newest value of an id.
   *
   * @param size about how many bytes it takes, its key included
   */
  public synchronized void put(String id, T value, long size) {
    forget(id);
    entries.put(id, new Entry<>(value, size));
    bytes += size;
    Iterator<Entry<T>> oldest = entries.values().iterator();
    while (entries.size() > most || bytes > mostBytes) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  /** Remembers nothing of an id any more. */
  public synchronized void forget(String id) {
    Entry<T> gone = entries.remove(id);
    if (gone != null) {
      bytes -= gone.bytes();
    }
  }

  /** What is remembered. */
  public synchronized Optional<T> of(String id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::value);
  }
}
