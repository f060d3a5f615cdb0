package dev.turnout.router.encode;

import dev.turnout.encoder.QueryEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Fits the polled batch to the encoder: as large as is encoded in a quarter of a second. Larger
 * ones would add latency without speed, and long encoding eats into the open transaction. Warms the
 * encoder on the way.
 */
public final class PollSize {
  static final int LARGEST = 1_024;
  static final int SMALLEST = 16;

  private static final double TARGET_SECONDS = 0.25;
  private static final int PROBE = 32;
  private static final int ROUNDS = 4;

  private PollSize() {}

  /** A power of two from {@value #SMALLEST} to {@value #LARGEST}. */
  public static int fitting(QueryEncoder encoder) {
    double fastest = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> probe = new ArrayList<>();
      for (int i = 0; i < PROBE; i++) {
        probe.add(
            String.format(
                Locale.ROOT,
                "Question %d-%d: how many of the %d apples that were left on the table, and which"
                    + " of the people in the room, would you need to explain the whole story?",
                round,
                i,
                i * 7));
      }
      long start = System.nanoTime();
      encoder.encode(probe);
      fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9 / PROBE);
    }
    return forSecondsPerQuery(fastest);
  }

  static int forSecondsPerQuery(double seconds) {
    double records = TARGET_SECONDS / Math.max(seconds, 1e-9);
    int size = SMALLEST;
    while (size < LARGEST && 2 * size <= records) {
      size *= 2;
    }
    return size;
  }
}
