package dev.turnout.gateway.limit;

import java.util.Arrays;

/**
 * How long a new request would wait for its answer, whatever lies between: routers, workers and
 * LLMs, each with queues of its own. Not thread-safe.
 *
 * <p>By Little's law it is the requests that are open, divided by the answers a second of the last
 * half minute. That is true of a steady stream, and a burst is none: when many requests come at
 * once, hardly any answer has come yet, and the quotient is far too long. So
 *
 * <ul>
 *   <li>answers count only from when more requests are open than a {@linkplain #FEW few}, and the
 *       time only from the first of these answers, since before it nobody could have answered;
 *   <li>no wait is expected that is longer than twice what the last answers took: who waits long
 *       sees others wait long first.
 * </ul>
 *
 * As long as no answer has come nothing is known; then the number of open requests is the bound.
 */
final class AnswerPace {
  /** So few open requests are no queue, however slow the LLMs are. */
  static final int FEW = 32;

  private static final int SLOTS = 30;
  private static final long SLOT_MILLIS = 1_000;

  /** In less time there is no pace. */
  private static final long SHORTEST_MILLIS = 3_000;

  private final long[] answers = new long[SLOTS];
  private final long[] taken = new long[SLOTS];
  private long newest = Long.MIN_VALUE / 2;
  private long first;
  private long answered;
  private long allTaken;
  private int open;

  void opened() {
    open++;
  }

  /**
   * A request is open no more.
   *
   * @param took since it was opened, in milliseconds
   */
  void closed(boolean withAnswer, long took, long nowMillis) {
    open--;
    if (open < FEW) {
      Arrays.fill(answers, 0);
      Arrays.fill(taken, 0);
      answered = 0;
      allTaken = 0;
      return;
    }
    if (withAnswer) {
      advance(nowMillis);
      if (answered == 0) {
        first = nowMillis;
      }
      answers[index(newest)]++;
      taken[index(newest)] += took;
      answered++;
      allTaken += took;
    }
  }

  QueueWait estimate(long nowMillis) {
    advance(nowMillis);
    long elapsed = Math.min(SLOTS * SLOT_MILLIS, nowMillis - first);
    if (open <= FEW || answered == 0 || elapsed < SHORTEST_MILLIS) {
      return QueueWait.NONE;
    }
    return new QueueWait(open, Math.min(elapsed * open / answered, 2 * allTaken / answered));
  }

  private void advance(long nowMillis) {
    long slot = Math.floorDiv(nowMillis, SLOT_MILLIS);
    for (long next = Math.max(newest + 1, slot - SLOTS + 1); next <= slot; next++) {
      answered -= answers[index(next)];
      allTaken -= taken[index(next)];
      answers[index(next)] = 0;
      taken[index(next)] = 0;
    }
    newest = Math.max(newest, slot);
  }

  private static int index(long slot) {
    return (int) Math.floorMod(slot, (long) SLOTS);
  }
}
