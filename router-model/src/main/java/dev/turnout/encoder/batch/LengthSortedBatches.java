package dev.turnout.encoder.batch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Splits texts into batches of similar length, so that little is spent on padding. */
public final class LengthSortedBatches {
  private LengthSortedBatches() {}

  /**
   * Plans the batches, longest texts first, so that parallel lanes end together. Few texts are
   * shared out evenly: a router below its capacity polls few at a time, and while they filled a
   * single batch the other lanes would idle.
   *
   * @param lengths tokens of each text
   * @param tokenBudget most tokens in a batch, padding included; a single text may exceed it
   * @param lanes batches that run at once
   * @return positions of the texts, one array a batch
   */
  public static List<int[]> plan(int[] lengths, int tokenBudget, int lanes) {
    int share = (IntStream.of(lengths).sum() + lanes - 1) / lanes;
    int budget = Math.min(tokenBudget, share);
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.<Integer>comparingInt(i -> lengths[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int begin = 0;
    while (begin < order.length) {
      int longest = Math.max(1, lengths[order[begin]]);
      int rows = Math.max(1, budget / longest);
      int end = Math.min(order.length, begin + rows);
      batches.add(IntStream.range(begin, end).map(i -> order[i]).toArray());
      begin = end;
    }
    return batches;
  }
}
