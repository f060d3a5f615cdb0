package dev.turnout.app.quickstart.view;

import java.util.Arrays;

/** The last values of a stream, for running means and percentiles. Not safe for several threads. */
final class RecentValues {

  private final double[] ring;
  private long count;

  RecentValues(int size) {
    ring = new double[size];
  }

  void add(double value) {
    ring[(int) (count++ % ring.length)] = value;
  }

  int size() {
    return (int) Math.min(count, ring.length);
  }

  /** Mean of the kept values; NaN when there are none. */
  double mean() {
    return size() == 0 ? Double.NaN : Arrays.stream(ring, 0, size()).sum() / size();
  }

  /**
   * Percentile of the kept values by nearest rank; NaN when there are none.
   *
   * @param percent 0..100
   */
  double percentile(double percent) {
    if (size() == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(ring, size());
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, Math.min(sorted.length - 1, rank - 1))];
  }
}
