package dev.turnout.console.traffic;

/**
 * Latencies by size, each bucket half as wide again as the one before: a quantile is off by a fifth
 * at most. From 10 ms; the last bucket takes all beyond ten minutes.
 */
final class LatencyBuckets {
  static final int COUNT = 28;
  private static final double FIRST = 10;
  private static final double GROWTH = 1.5;

  private LatencyBuckets() {}

  /** Bucket of a latency in milliseconds. */
  static int of(double millis) {
    if (!(millis > FIRST)) {
      return 0;
    }
    return Math.min(COUNT - 1, 1 + (int) (Math.log(millis / FIRST) / Math.log(GROWTH)));
  }

  /**
   * A quantile.
   *
   * @param counts of every bucket
   * @param share below it, 0..1
   * @return milliseconds; NaN without any
   */
  static double quantile(double[] counts, double share) {
    double all = 0;
    for (double count : counts) {
      all += count;
    }
    if (all == 0) {
      return Double.NaN;
    }
    double below = 0;
    for (int bucket = 0; bucket < COUNT; bucket++) {
      if (counts[bucket] > 0 && below + counts[bucket] >= share * all) {
        double within = (share * all - below) / counts[bucket];
        double low = bucket == 0 ? 0 : FIRST * Math.pow(GROWTH, bucket - 1.0);
        return low + within * (FIRST * Math.pow(GROWTH, bucket) - low);
      }
      below += counts[bucket];
    }
    return FIRST * Math.pow(GROWTH, COUNT - 1.0);
  }
}
