package dev.turnout.router.emit;

import java.time.Duration;

/**
 * Says after which polls a router under exactly-once asks for a commit.
 *
 * <p>A transaction costs the brokers nearly the same with one query in it as with a thousand. So it
 * ends where a poll does: what was polled together is committed together, and where processors are
 * so scarce that a commit takes seconds, it takes a whole poll along. A fixed interval does not do
 * that: the scarcer the processors, the fewer queries fit into it, the more commits they need, and
 * the less is routed.
 *
 * <p>Between small polls, which tell that the router is not busy, every one is committed and no
 * query waits for others. Between larger ones a commit is asked for as soon as {@link #EVERY} has
 * passed since the last; of a burst, too, after whose last poll nothing comes ({@link #isOverdue}).
 *
 * <p>One for each task, used by its thread alone.
 */
public final class CommitPace {
  /** Most queries of a poll after which the router is not busy. */
  private static final int FEW = 16;

  static final Duration EVERY = Duration.ofMillis(100);

  private final boolean asks;
  private boolean asked;
  private boolean leftOpen;
  private long last;

  private CommitPace(boolean asks) {
    this.asks = asks;
  }

  /** Of transactions, whose requests are seen with their commit. */
  public static CommitPace ofTransactions() {
    return new CommitPace(true);
  }

  /** Asks for none: without transactions requests are seen as soon as they are sent. */
  public static CommitPace none() {
    return new CommitPace(false);
  }

  /**
   * Whether a commit is due after a poll, which is then taken for asked.
   *
   * @param records of the poll that has just been processed to its end; 0 if it has not
   * @param nanos now, by {@link System#nanoTime}
   */
  boolean isDue(int records, long nanos) {
    if (!asks || records == 0) {
      return false;
    }
    if (records > FEW && asked && nanos - last < EVERY.toNanos()) {
      leftOpen = true;
      return false;
    }
    return ask(nanos);
  }

  /**
   * Whether a commit is due for a poll after which none was, which is then taken for asked.
   *
   * @param nanos now, by {@link System#nanoTime}
   */
  boolean isOverdue(long nanos) {
    if (!leftOpen || nanos - last < EVERY.toNanos()) {
      return false;
    }
    return ask(nanos);
  }

  /** Whether it asks for any commit. */
  boolean asks() {
    return asks;
  }

  private boolean ask(long nanos) {
    asked = true;
    leftOpen = false;
    last = nanos;
    return true;
  }
}
