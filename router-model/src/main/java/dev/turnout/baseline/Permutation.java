package dev.turnout.baseline;

import java.util.Random;

/** Seeded shuffles. */
final class Permutation {
  private Permutation() {}

  /** The numbers 0 until n in an order that the seed decides. */
  static int[] of(int n, long seed) {
    int[] order = new int[n];
    Random random = new Random(seed);
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
