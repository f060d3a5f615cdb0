package dev.turnout.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long each partition was without a new committed decision, as a reader of committed records
 * sees it. Safe for use by several threads.
 */
final class Silences {
  private final long[] last;
  private final long[] longest;
  private final List<Silence> ended = new ArrayList<>();

  /** One that was longer than the shortest that is kept. */
  record Silence(int partition, long endNanos, Duration duration) {}

  private static final Duration SHORTEST_KEPT = Duration.ofSeconds(3);

  Silences(int partitions) {
    this.last = new long[partitions];
    this.longest = new long[partitions];
    restart();
  }

  /** Forgets what was, and counts from now. */
  synchronized void restart() {
    Arrays.fill(last, System.nanoTime());
    Arrays.fill(longest, 0);
    ended.clear();
  }

  /** A decision of this partition has come. */
  synchronized void progress(int partition) {
    long now = System.nanoTime();
    long silent = now - last[partition];
    last[partition] = now;
    longest[partition] = Math.max(longest[partition], silent);
    if (silent > SHORTEST_KEPT.toNanos()) {
      ended.add(new Silence(partition, now, Duration.ofNanos(silent)));
    }
  }

  /** The longest of all partitions, those that still last among them. */
  synchronized Duration longest() {
    long now = System.nanoTime();
    return Duration.ofNanos(
        IntStream.range(0, last.length)
            .mapToLong(i -> Math.max(longest[i], now - last[i]))
            .max()
            .orElse(0));
  }

  /** Whether every partition has had a decision since a moment of {@link System#nanoTime}. */
  synchronized boolean allSince(long nanos) {
    return Arrays.stream(last).allMatch(each -> each - nanos > 0);
  }

  /** The longest that have ended. */
  synchronized List<Silence> worst(int most) {
    return ended.stream()
        .sorted(Comparator.comparing(Silence::duration).reversed())
        .limit(most)
        .toList();
  }
}
