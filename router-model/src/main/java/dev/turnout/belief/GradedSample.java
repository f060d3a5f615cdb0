package dev.turnout.belief;

import dev.turnout.encoder.surface.QuerySurface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One graded choice: what the learner remembers of a decision joined with a grade.
 *
 * @param queryId the query
 * @param embedding the query's vector, {@code float[encoder dimension]}
 * @param llm the LLM that answered
 * @param reward its reward, 0..1
 * @param weight trust in the grade apart from its grader, >= 0
 * @param propensity probability with which the LLM was chosen, in (0, 1]
 * @param llms every LLM that could have been chosen
 * @param propensities probability of each of {@code llms}; empty when unknown
 * @param costUsd cost of the answer in USD; NaN when unknown
 * @param latencyMs latency of the answer in milliseconds; NaN when unknown
 * @param outputTokens length of the answer in tokens; NaN when unknown
 * @param grader who graded
 * @param shadow true when the LLM was asked for grading only, so that the propensity says nothing
 * @param surface of the query's text; null when it is not known
 */
public record GradedSample(
    String queryId,
    float[] embedding,
    String llm,
    double reward,
    double weight,
    double propensity,
    List<String> llms,
    double[] propensities,
    double costUsd,
    double latencyMs,
    double outputTokens,
    String grader,
    boolean shadow,
    @Nullable QuerySurface surface) {
  public GradedSample {
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException(
          "reward of query \"" + queryId + "\" must be in 0..1, but was " + reward);
    }
    if (!(weight >= 0)) {
      throw new IllegalArgumentException(
          "weight of query \"" + queryId + "\" must be >= 0, but was " + weight);
    }
    llms = List.copyOf(llms);
  }

  /** A sample of an answer whose length is unknown, as is the query's text. */
  public GradedSample(
      String queryId,
      float[] embedding,
      String llm,
      double reward,
      double weight,
      double propensity,
      List<String> llms,
      double[] propensities,
      double costUsd,
      double latencyMs,
      String grader,
      boolean shadow) {
    this(
        queryId,
        embedding,
        llm,
        reward,
        weight,
        propensity,
        llms,
        propensities,
        costUsd,
        latencyMs,
        Double.NaN,
        grader,
        shadow,
        null);
  }

  /** This sample with its weight multiplied. */
  public GradedSample weighted(double factor) {
    return graded(reward, factor * weight);
  }

  /** This sample with another grade. */
  public GradedSample graded(double otherReward, double otherWeight) {
    return new GradedSample(
        queryId,
        embedding,
        llm,
        otherReward,
        otherWeight,
        propensity,
        llms,
        propensities,
        costUsd,
        latencyMs,
        outputTokens,
        grader,
        shadow,
        surface);
  }

  /**
   * Whether an LLM could have been chosen instead. Of an LLM that was barred, drained or never
   * explored, the sample can say nothing.
   */
  public boolean couldHaveChosen(String other) {
    return propensities.length != llms.size() || propensityOf(other) > 0;
  }

  /** Probability with which an LLM would have been chosen; 0 for one that is not in the list. */
  public double propensityOf(String other) {
    int position = llms.indexOf(other);
    return position >= 0 && position < propensities.length ? propensities[position] : 0;
  }

  /**
   * Identity of the question: equal texts have equal vectors and so equal items. Grades of one item
   * share its difficulty.
   */
  public long item() {
    long hash = 0x9E3779B97F4A7C15L;
    for (float value : embedding) {
      hash = (hash ^ Float.floatToIntBits(value)) * 0xBF58476D1CE4E5B9L;
      hash ^= hash >>> 31;
    }
    return hash;
  }
}
