package dev.turnout.worker.pace;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many requests an LLM takes at a time: additive increase, multiplicative decrease.
 *
 * <p>It starts with the most and takes a third away when the LLM refuses for load, at most once in
 * a while, since the refusals of one moment are one sign. It takes a fifth away, but no more than
 * leaves half of the most, when the medians of two windows of answers in a row are more than three
 * times the best of late: a sign less sure, because an LLM, or this machine, may be slow for
 * reasons that fewer requests do not help. What was best is forgotten slowly, so that an LLM that
 * has become slower for good is judged by what it is now. Any other window gives a sixteenth of the
 * most back.
 *
 * <p>Not safe for use by several threads.
 */
final class AdaptiveLimit {

  private static final int SMALLEST_WINDOW = 32;
  private static final double TOLERATED_RISE = 3;
  private static final double FORGETTING = 1.02;
  private static final long CUT_PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  private final int most;
  private final int step;
  private int limit;
  private long[] window = new long[SMALLEST_WINDOW];
  private int filled;
  private double best = Double.POSITIVE_INFINITY;
  private boolean slow;
  private boolean cut;
  private long cutAt;

  AdaptiveLimit(int most) {
    this.most = most;
    this.step = Math.max(1, most / 16);
    this.limit = most;
  }

  /** How many requests may be in flight, from 1 to the most. */
  int limit() {
    return limit;
  }

  /** The LLM has answered after so long. */
  void answered(long nanos) {
    window[filled++] = nanos;
    if (filled < window.length) {
      return;
    }
    long[] sorted = window.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    boolean slowAgain = slow;
    slow = median > TOLERATED_RISE * best;
    if (!slow) {
      limit = Math.min(most, limit + step);
    } else if (slowAgain) {
      limit = Math.min(limit, Math.max((most + 1) / 2, limit * 4 / 5));
    }
    best = Math.min(best * FORGETTING, median);
    begin();
  }

  /** The LLM has refused for load, or did not answer in time. */
  void refused(long nowNanos) {
    if (!cut || nowNanos - cutAt >= CUT_PAUSE_NANOS) {
      cut = true;
      cutAt = nowNanos;
      limit = Math.max(1, limit * 2 / 3);
      begin();
    }
  }

  /** A window holds an answer of each slot at least. */
  private void begin() {
    filled = 0;
    window = new long[Math.max(SMALLEST_WINDOW, limit)];
  }
}
