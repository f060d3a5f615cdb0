package dev.turnout.lab.eval.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Area under the receiver operating characteristic: how well a signal tells two groups apart. */
public final class Auroc {
  private Auroc() {}

  /**
   * Probability that a random positive has the higher signal, ties counting half.
   *
   * @return 0..1; NaN if a group is empty
   */
  public static double of(double[] negatives, double[] positives) {
    if (negatives.length == 0 || positives.length == 0) {
      return Double.NaN;
    }
    double[] all = Arrays.copyOf(negatives, negatives.length + positives.length);
    System.arraycopy(positives, 0, all, negatives.length, positives.length);
    int[] order =
        IntStream.range(0, all.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> all[i]))
            .mapToInt(i -> i)
            .toArray();
    double rankSum = 0;
    for (int start = 0; start < order.length; ) {
      int end = start;
      int positive = 0;
      while (end < order.length && all[order[end]] == all[order[start]]) {
        positive += order[end] >= negatives.length ? 1 : 0;
        end++;
      }
      rankSum += positive * (start + 1 + end) / 2.0;
      start = end;
    }
    double least = positives.length * (positives.length + 1) / 2.0;
    return (rankSum - least) / ((double) negatives.length * positives.length);
  }
}
