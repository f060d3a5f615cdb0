package dev.turnout.llm;

/**
 * Random numbers that belong to names instead of to a moment: the same seed, purpose and id give
 * the same number on every machine, in any order.
 */
final class HashedDraw {

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private HashedDraw() {}

  /** Uniform in (0, 1). */
  static double uniform(long seed, String purpose, String id) {
    long hash = absorb(absorb(mix(seed + GOLDEN), purpose), id);
    // the top 53 bits, moved half a step off zero so that logarithms stay finite
    return ((hash >>> 11) + 0.5) * 0x1.0p-53;
  }

  /** Standard normal, by Box and Muller. */
  static double normal(long seed, String purpose, String id) {
    double radius = Math.sqrt(-2 * Math.log(uniform(seed, purpose + "/radius", id)));
    return radius * Math.cos(2 * Math.PI * uniform(seed, purpose + "/angle", id));
  }

  /**
   * Probability that a standard normal number is below x, to 1e-7 (Abramowitz and Stegun, 26.2.17).
   */
  static double cumulativeNormal(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double polynomial =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double upper = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * polynomial;
    return x >= 0 ? 1 - upper : upper;
  }

  private static long absorb(long state, String text) {
    long hash = state;
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash ^ text.charAt(i));
    }
    return mix(hash + GOLDEN);
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
