package dev.turnout.belief;

/**
 * Finds the moment since which a sequence has another mean: the split with the largest standardised
 * difference of the means before and after (generalised likelihood ratio for a Gaussian shift).
 *
 * @param at index of the first value after the change; -1 without a believable change
 * @param z standardised size of the largest difference
 * @param shift mean after minus mean before
 */
record ChangePoint(int at, double z, double shift) {
  private static final int SHORTEST = 12;

  /**
   * Searches for a change.
   *
   * @param values the sequence
   * @param size how many of the values count
   * @param variance variance of a single value
   * @param threshold z-score from which a change is believed
   */
  static ChangePoint search(double[] values, int size, double variance, double threshold) {
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += values[i];
    }
    double before = 0;
    ChangePoint best = new ChangePoint(-1, 0, 0);
    for (int i = 1; i + SHORTEST <= size; i++) {
      before += values[i - 1];
      if (i < SHORTEST) {
        continue;
      }
      double after = size - i;
      double shift = (total - before) / after - before / i;
      double z = Math.abs(shift) / Math.sqrt(variance * (1.0 / i + 1 / after));
      if (z > best.z) {
        best = new ChangePoint(z >= threshold ? i : -1, z, shift);
      }
    }
    return best;
  }
}
