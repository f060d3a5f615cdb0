package dev.turnout.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** From a query's sending to its committed decision. Safe for use by several threads. */
final class Latencies {
  private final Map<String, Long> asked = new ConcurrentHashMap<>();
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

  void asked(String id) {
    asked.put(id, System.nanoTime());
  }

  void decided(String id) {
    Long begun = asked.remove(id);
    if (begun != null) {
      nanos.add(System.nanoTime() - begun);
    }
  }

  /** A quantile of those since the last call, which are forgotten; zero if there are none. */
  Duration takeQuantile(double share) {
    List<Long> sorted;
    synchronized (nanos) {
      sorted = new ArrayList<>(nanos);
      nanos.clear();
    }
    Collections.sort(sorted);
    return sorted.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size())));
  }
}
