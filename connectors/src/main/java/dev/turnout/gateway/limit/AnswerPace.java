package dev.turnout.gateway.limit;

/**
 * How long a new request would wait for its answer, by Little's law: the requests that are open
 * here, divided by the answers a second of the last half minute. It holds whatever lies between,
 * and needs to know nothing of it: routers, workers and LLMs, each with queues of its own. Safe for
 * use by several threads.
 *
 * <p>As long as there was no answer in that time nothing is known; then the number of open requests
 * alone is the bound.
 */
final class AnswerPace {
  /** So few open requests are no queue, however slow the LLMs are. */
  static final int FEW = 32;

  private static final int SLOTS = 30;
  private static final long SLOT_MILLIS = 1_000;

  private final long[] answers = new long[SLOTS];
  private long newest;
  private long sum;
  private int open;

  synchronized void opened() {
    open++;
  }

  synchronized void closed(boolean answered, long nowMillis) {
    open--;
    if (answered) {
      advance(nowMillis);
      answers[(int) Math.floorMod(newest, (long) SLOTS)]++;
      sum++;
    }
  }

  synchronized QueueWait estimate(long nowMillis) {
    advance(nowMillis);
    return open <= FEW || sum == 0
        ? QueueWait.NONE
        : new QueueWait(open, SLOT_MILLIS * SLOTS * open / sum);
  }

  private void advance(long nowMillis) {
    long slot = Math.floorDiv(nowMillis, SLOT_MILLIS);
    for (long next = Math.max(newest + 1, slot - SLOTS + 1); next <= slot; next++) {
      int index = (int) Math.floorMod(next, (long) SLOTS);
      sum -= answers[index];
      answers[index] = 0;
    }
    newest = Math.max(newest, slot);
  }
}
