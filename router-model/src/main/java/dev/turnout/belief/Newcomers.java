package dev.turnout.belief;

import java.util.Arrays;

/**
 * How much less is known of an LLM that came later than its posterior says. The prior takes every
 * LLM for an average one, and where the others' best is well known an average newcomer is hardly
 * ever tried. So its deviation is widened until it has been graded enough to speak for itself.
 * Nothing is added to its expected success: who does not explore does not notice.
 */
final class Newcomers {
  /** As much as an LLM may differ from the average one. */
  private static final double DEVIATION = 0.3;

  /** An LLM first graded among so many samples was there from the start, as far as they tell. */
  private static final int START = 1_000;

  /**
   * One first graded so many samples ago has had its trial. However few grades it got since, they
   * are few because it is hardly ever chosen, and where the window slides they may all be late.
   */
  private static final int TRIAL = 4_000;

  /** An LLM with as many grades is no longer new. */
  private static final double ENOUGH = 400;

  /** Nor is one with this share of the grades that an LLM has on average. */
  private static final double SHARE = 0.5;

  private Newcomers() {}

  /**
   * What to add to the variance of every LLM's success.
   *
   * @param llm each sample's LLM, oldest first
   * @param llms number of LLMs
   * @return {@code double[llms]}, 0 for an LLM that is not new
   */
  static double[] variance(int[] llm, int llms) {
    int[] grades = new int[llms];
    int[] first = new int[llms];
    Arrays.fill(first, llm.length);
    for (int i = 0; i < llm.length; i++) {
      grades[llm[i]]++;
      first[llm[i]] = Math.min(first[llm[i]], i);
    }
    double enough = Math.min(ENOUGH, SHARE * llm.length / llms);
    double[] variance = new double[llms];
    for (int a = 0; a < llms && llm.length >= START; a++) {
      boolean known = first[a] < START || llm.length - first[a] >= TRIAL;
      double deviation = known ? 0 : DEVIATION * Math.max(0, 1 - grades[a] / enough);
      variance[a] = deviation * deviation;
    }
    return variance;
  }
}
