package dev.turnout.app.quickstart.view;

import java.util.List;

/**
 * What other ways of choosing would have earned on the very queries that were graded: each LLM
 * alone, a random LLM, and an oracle that knows the best answer. Not safe for several threads.
 */
final class RewardBaselines {

  private final List<String> llms;
  private final double[] sums;
  private final long[] counts;
  private double randomSum;
  private double oracleSum;
  private long queries;

  RewardBaselines(List<String> llms) {
    this.llms = List.copyOf(llms);
    this.sums = new double[llms.size()];
    this.counts = new long[llms.size()];
  }

  /**
   * Adds a query.
   *
   * @param rewards by LLM; NaN where unknown
   */
  void add(double[] rewards) {
    double sum = 0;
    double best = Double.NEGATIVE_INFINITY;
    int known = 0;
    for (int i = 0; i < rewards.length; i++) {
      if (!Double.isNaN(rewards[i])) {
        sums[i] += rewards[i];
        counts[i]++;
        sum += rewards[i];
        best = Math.max(best, rewards[i]);
        known++;
      }
    }
    if (known > 0) {
      randomSum += sum / known;
      oracleSum += best;
      queries++;
    }
  }

  /** Name of the LLM that alone would have earned most; empty before the first query. */
  String bestSingle() {
    int best = best();
    return best < 0 ? "" : llms.get(best);
  }

  double bestSingleReward() {
    int best = best();
    return best < 0 ? Double.NaN : mean(best);
  }

  double random() {
    return queries == 0 ? Double.NaN : randomSum / queries;
  }

  double oracle() {
    return queries == 0 ? Double.NaN : oracleSum / queries;
  }

  private int best() {
    int best = -1;
    for (int i = 0; i < sums.length; i++) {
      if (counts[i] > 0 && (best < 0 || mean(i) > mean(best))) {
        best = i;
      }
    }
    return best;
  }

  private double mean(int llm) {
    return sums[llm] / counts[llm];
  }
}
