package dev.turnout.lab.bench;

import java.util.Arrays;

/** The middle of what was measured. */
public final class Median {
  private Median() {}

  /** The median; the mean of the middle two of an even number. */
  public static double of(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
