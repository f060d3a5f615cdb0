package dev.turnout.gateway.limit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long a query waits until a router reads it, from what waits before it and how fast routers
 * read. Not thread-safe.
 */
final class LagEstimate {
  /** Over which reading is measured: longer than a rebalance takes, shorter than clients wait. */
  static final long WINDOW_MILLIS = 10_000;

  /** So few are read in one poll; they are no queue. */
  static final long FEW = 100;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long atMillis, long ends, long read) {}

  /**
   * What was measured.
   *
   * @param ends offsets behind the last query of every partition, together
   * @param read offsets that routers have committed, together
   */
  void add(long nowMillis, long ends, long read) {
    samples.addLast(new Sample(nowMillis, ends, read));
    // one that is older than the window stays, so that there is always a whole window to look at
    while (samples.size() > 2 && second().atMillis <= nowMillis - WINDOW_MILLIS) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    var each = samples.iterator();
    each.next();
    return each.next();
  }

  /** What waits and how long; nothing as long as not even a window has been seen. */
  QueueWait estimate() {
    if (samples.size() < 2) {
      return QueueWait.NONE;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long waiting = last.ends - last.read;
    long elapsed = last.atMillis - first.atMillis;
    if (waiting <= FEW && (waiting <= 0 || last.read > first.read)) {
      return QueueWait.NONE;
    }
    if (last.read > first.read) {
      return new QueueWait(waiting, waiting * elapsed / (last.read - first.read));
    }
    // nobody reads, though all that time something was there
    boolean stuck = elapsed >= WINDOW_MILLIS && first.ends > first.read;
    return stuck ? new QueueWait(waiting, QueueWait.UNENDING) : QueueWait.NONE;
  }
}
