package dev.turnout.train;

import java.util.Arrays;

/**
 * What the LLMs' answers to a query took; the arrays align with the LLMs of a {@link TrainingSet}.
 *
 * @param costsUsd {@code double[llms]}, NaN = not recorded
 * @param outputTokens likewise, lengths of the answers
 */
public record RecordedAnswers(double[] costsUsd, double[] outputTokens) {
  public RecordedAnswers {
    if (costsUsd.length != outputTokens.length) {
      throw new IllegalArgumentException(
          costsUsd.length + " costs but " + outputTokens.length + " lengths of answers");
    }
  }

  /** Answers whose lengths are not recorded. */
  public static RecordedAnswers ofCosts(double... usd) {
    double[] unknown = new double[usd.length];
    Arrays.fill(unknown, Double.NaN);
    return new RecordedAnswers(usd, unknown);
  }

  /** Number of LLMs. */
  int size() {
    return costsUsd.length;
  }

  /**
   * The same for another list of LLMs.
   *
   * @param from position of each LLM here; -1 for one of which nothing is recorded
   */
  RecordedAnswers withLlms(int[] from) {
    return new RecordedAnswers(moved(costsUsd, from), moved(outputTokens, from));
  }

  private static double[] moved(double[] values, int[] from) {
    return Arrays.stream(from).mapToDouble(f -> f < 0 ? Double.NaN : values[f]).toArray();
  }
}
