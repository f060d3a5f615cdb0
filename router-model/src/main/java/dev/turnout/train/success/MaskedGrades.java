package dev.turnout.train.success;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits grades into what the query explains (its easiness, common to all LLMs) and what the LLM
 * explains (its advantage), where any grade may be missing. A query with several grades gives its
 * easiness away: the mean of its grades beyond each LLM's baseline and expected advantage. A query
 * with a single grade does not, so the easiness predicted from its features stands in.
 */
public final class MaskedGrades {
  private final float[][] rewards;
  private final int llms;
  private final double[] overall;
  private final double[][] baseline;
  private final int[] graded;

  /**
   * Reads grades.
   *
   * @param rewards {@code float[queries][llms]}, NaN = not graded
   * @param weights importance of each query
   * @param prior advantages that an earlier model expects, {@code double[queries][llms]}; null when
   *     each LLM's overall mean is all that is known
   */
  public MaskedGrades(float[][] rewards, double[] weights, double @Nullable [][] prior) {
    this.rewards = rewards;
    this.llms = rewards[0].length;
    this.graded = new int[rewards.length];
    double[] sums = new double[llms];
    double[] mass = new double[llms];
    for (int i = 0; i < rewards.length; i++) {
      for (int t = 0; t < llms; t++) {
        if (!Float.isNaN(rewards[i][t])) {
          sums[t] += weights[i] * rewards[i][t];
          mass[t] += weights[i];
          graded[i]++;
        }
      }
    }
    double all = Arrays.stream(sums).sum() / Math.max(Arrays.stream(mass).sum(), 1e-12);
    this.overall = new double[llms];
    for (int t = 0; t < llms; t++) {
      overall[t] = mass[t] > 0 ? sums[t] / mass[t] : all;
    }
    double centre = centre();
    this.baseline = new double[rewards.length][llms];
    for (int i = 0; i < rewards.length; i++) {
      for (int t = 0; t < llms; t++) {
        baseline[i][t] = prior == null ? overall[t] : centre + prior[i][t];
      }
    }
  }

  /** Mean reward of each LLM; the mean of all grades for an LLM without any. */
  public double[] overall() {
    return overall.clone();
  }

  /** Whether any query has a grade for the LLM. */
  public boolean isGraded(int llm) {
    for (float[] row : rewards) {
      if (!Float.isNaN(row[llm])) {
        return true;
      }
    }
    return false;
  }

  /** Mean of the LLMs' overall means. */
  double centre() {
    return Arrays.stream(overall).average().orElse(0);
  }

  /** True when every query has a grade for every LLM. */
  boolean complete() {
    return Arrays.stream(graded).allMatch(n -> n == llms);
  }

  /**
   * Easiness as the grades show it, {@code double[queries]}; NaN without any grade.
   *
   * @param advantages expected advantages beyond the baseline, {@code double[queries][llms]}
   */
  double[] easiness(double[][] advantages) {
    double[] easiness = new double[rewards.length];
    for (int i = 0; i < easiness.length; i++) {
      double sum = 0;
      for (int t = 0; t < llms; t++) {
        if (!Float.isNaN(rewards[i][t])) {
          sum += rewards[i][t] - baseline[i][t] - advantages[i][t];
        }
      }
      easiness[i] = graded[i] == 0 ? Double.NaN : sum / graded[i];
    }
    return easiness;
  }

  /**
   * Advantages beyond the baseline as the grades show them, {@code double[llms][queries]}; NaN
   * where not graded.
   *
   * @param shown easiness as the grades show it
   * @param predicted easiness as the features predict it, for queries with a single grade
   */
  double[][] advantages(double[] shown, double[] predicted) {
    double[][] advantages = new double[llms][rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      double easiness = graded[i] > 1 || llms == 1 ? shown[i] : predicted[i];
      for (int t = 0; t < llms; t++) {
        advantages[t][i] = rewards[i][t] - baseline[i][t] - easiness;
      }
    }
    return advantages;
  }
}
