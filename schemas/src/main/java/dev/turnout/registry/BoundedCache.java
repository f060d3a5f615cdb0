package dev.turnout.registry;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A map that never holds more than a fixed number of entries, so that a stream of made-up schema
 * ids cannot fill the memory. Reads take no lock. When it is full, some entry makes room: real
 * installations have a few dozen schemas, so which one hardly matters.
 */
public final class BoundedCache<K, V> {

  private final ConcurrentHashMap<K, V> entries = new ConcurrentHashMap<>();
  private final int capacity;

  /** A cache for at most {@code capacity} entries, at least 1. */
  public BoundedCache(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is " + capacity + "; it must be at least 1");
    }
    this.capacity = capacity;
  }

  /** The cached value, or the loaded one; what the loader throws is thrown and nothing is kept. */
  public V get(K key, Function<? super K, ? extends V> loader) {
    V known = entries.get(key);
    if (known != null) {
      return known;
    }
    V loaded = loader.apply(key);
    makeRoom();
    V raced = entries.putIfAbsent(key, loaded);
    return raced == null ? loaded : raced;
  }

  /** Number of entries. */
  public int size() {
    return entries.size();
  }

  /** Forgets one entry. */
  public void remove(K key) {
    entries.remove(key);
  }

  private void makeRoom() {
    while (entries.size() >= capacity) {
      Iterator<K> victim = entries.keySet().iterator();
      if (victim.hasNext()) {
        victim.next();
        victim.remove();
      }
    }
  }
}
