package dev.turnout.gateway;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The latest values by query id, up to a number and to a weight in bytes; the oldest go first.
 * Thread-safe.
 *
 * <p>No cache that evicts by frequency will do, such as Caffeine: each query is new and asked for
 * once or twice, soon after it was decided, so that frequency keeps the old values and refuses the
 * new ones.
 */
final class Remembered<T> {

  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();
  private final int most;
  private final long mostBytes;
  private long bytes;

  private record Entry<T>(T value, long bytes) {}

  Remembered(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /**
   * Remembers the newest value of a query.
   *
   * @param size about how many bytes it takes, its key included
   */
  synchronized void put(String queryId, T value, long size) {
    forget(queryId);
    entries.put(queryId, new Entry<>(value, size));
    bytes += size;
    Iterator<Entry<T>> oldest = entries.values().iterator();
    while (entries.size() > most || bytes > mostBytes) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  synchronized void forget(String queryId) {
    Entry<T> gone = entries.remove(queryId);
    if (gone != null) {
      bytes -= gone.bytes();
    }
  }

  synchronized Optional<T> of(String queryId) {
    return Optional.ofNullable(entries.get(queryId)).map(Entry::value);
  }
}
