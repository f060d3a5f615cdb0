package dev.turnout.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The latest values by query id, up to a number; the oldest go first. Thread-safe. */
final class Remembered<T> {

  private final Map<String, T> values;

  Remembered(int most) {
    this.values =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > most;
          }
        };
  }

  synchronized void put(String queryId, T value) {
    values.put(queryId, value);
  }

  synchronized void forget(String queryId) {
    values.remove(queryId);
  }

  synchronized Optional<T> of(String queryId) {
    return Optional.ofNullable(values.get(queryId));
  }
}
