package dev.turnout.gateway.limit;

import java.util.Arrays;

/**
 * What was taken in the last minute, against a limit. Not thread-safe; time comes in as a
 * parameter.
 *
 * <p>What holds at all times: <b>whatever the 60 seconds one looks at, what {@link #tryTake} let
 * through in them is no more than the limit.</b> A bucket that holds a minute's worth and refills
 * meanwhile would let twice as much through, and a window that begins anew each minute too. So this
 * counts by the second and looks at 61 of them: the one that has begun and the 60 before it, which
 * hold every instant of the last 60 seconds. The price is that what was taken counts for up to a
 * second longer than a minute. Memory is the same for every limit and every load.
 */
public final class RateWindow {
  static final long SLOT_MILLIS = 1_000;
  private static final int SLOTS = 61;

  private final long[] taken = new long[SLOTS];
  private long newest = Long.MIN_VALUE;
  private long sum;

  /**
   * Takes so much, if the limit leaves it.
   *
   * @param nowMillis of a clock of any origin that does not go back
   * @return whether it was taken
   */
  public boolean tryTake(long amount, long limit, long nowMillis) {
    if (amount > limit - used(nowMillis)) {
      return false;
    }
    add(amount, nowMillis);
    return true;
  }

  /** What was taken in the last minute. */
  public long used(long nowMillis) {
    advance(slot(nowMillis));
    return sum;
  }

  /** Takes so much whatever the limit: what has been used up already must be counted. */
  public void add(long amount, long nowMillis) {
    advance(slot(nowMillis));
    taken[index(newest)] += amount;
    sum += amount;
  }

  /** Gives back what was taken then, as far as it still counts. */
  public void giveBack(long amount, long takenMillis, long nowMillis) {
    advance(slot(nowMillis));
    long slot = slot(takenMillis);
    if (slot > newest - SLOTS) {
      long back = Math.min(amount, taken[index(slot)]);
      taken[index(slot)] -= back;
      sum -= back;
    }
  }

  /** How long until so much is left, in milliseconds; 0 if it is. */
  public long millisUntil(long amount, long limit, long nowMillis) {
    long excess = used(nowMillis) + Math.min(amount, limit) - limit;
    for (long slot = newest - SLOTS + 1; slot <= newest && excess > 0; slot++) {
      excess -= taken[index(slot)];
      if (excess <= 0) {
        return leaves(slot) - nowMillis;
      }
    }
    return 0;
  }

  /** How long until all that was taken counts no more, in milliseconds. */
  public long millisUntilEmpty(long nowMillis) {
    if (used(nowMillis) == 0) {
      return 0;
    }
    long last = newest;
    while (taken[index(last)] == 0) {
      last--;
    }
    return leaves(last) - nowMillis;
  }

  /** When what was taken in a slot counts no more. */
  private static long leaves(long slot) {
    return (slot + SLOTS) * SLOT_MILLIS;
  }

  private static long slot(long millis) {
    return Math.floorDiv(millis, SLOT_MILLIS);
  }

  private static int index(long slot) {
    return (int) Math.floorMod(slot, (long) SLOTS);
  }

  private void advance(long slot) {
    if (newest == Long.MIN_VALUE || slot - newest >= SLOTS) {
      Arrays.fill(taken, 0);
      sum = 0;
      newest = slot;
      return;
    }
    while (newest < slot) {
      newest++;
      sum -= taken[index(newest)];
      taken[index(newest)] = 0;
    }
  }
}
