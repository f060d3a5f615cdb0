package dev.turnout.worker.pace;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The quickest of an LLM's latest answers. Says nothing before there were enough of them lately: a
 * guess would refuse what could have been answered, and nothing would come to correct it.
 *
 * <p>Not safe for use by several threads.
 */
final class QuickestAnswer {

  private static final int KEPT = 256;
  private static final int ENOUGH = 32;
  private static final long LATELY_NANOS = Duration.ofMinutes(5).toNanos();

  private final long[] latencies = new long[KEPT];
  private final long[] moments = new long[KEPT];
  private int count;

  /** The LLM has answered after so long. */
  void answered(long nanos, long nowNanos) {
    int place = count % KEPT;
    latencies[place] = nanos;
    moments[place] = nowNanos;
    // stays in the second round, where the place goes on
    count = count + 1 < 2 * KEPT ? count + 1 : KEPT;
  }

  /** The least that an answer took lately; null when too few came. */
  @Nullable Duration quickest(long nowNanos) {
    int lately = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < Math.min(count, KEPT); i++) {
      if (nowNanos - moments[i] <= LATELY_NANOS) {
        lately++;
        least = Math.min(least, latencies[i]);
      }
    }
    return lately < ENOUGH ? null : Duration.ofNanos(least);
  }
}
