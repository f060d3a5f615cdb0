package dev.turnout.policy;

import org.jspecify.annotations.Nullable;

/**
 * One LLM as a policy sees it.
 *
 * @param llm LLM id
 * @param score cosine similarity of projected query and LLM embedding, -1..1
 * @param probability R(x): softmax of the cosine similarities over the temperature, 0..1
 * @param predictedSuccess calibrated probability of success, 0..1, with what the feedback loop has
 *     learnt since blended in
 * @param uncertainty standard deviation of {@code predictedSuccess} as the feedback loop knows it,
 *     >= 0; 0 when there is none, which makes exploring policies greedy
 * @param overallSuccess mean success of the LLM over the training data, 0..1, whatever the query;
 *     NaN when unknown
 * @param expectedCostUsd expected cost of the answer in USD; NaN when unknown
 * @param expectedLatencyMs expected latency of the answer in milliseconds; NaN when unknown
 * @param ineligibleReason null when the LLM may be chosen, else why not, in words
 */
public record Candidate(
    String llm,
    double score,
    double probability,
    double predictedSuccess,
    double uncertainty,
    double overallSuccess,
    double expectedCostUsd,
    double expectedLatencyMs,
    @Nullable String ineligibleReason) {

  /** A candidate whose overall success is not known. */
  public Candidate(
      String llm,
      double score,
      double probability,
      double predictedSuccess,
      double uncertainty,
      double expectedCostUsd,
      double expectedLatencyMs,
      @Nullable String ineligibleReason) {
    this(
        llm,
        score,
        probability,
        predictedSuccess,
        uncertainty,
        Double.NaN,
        expectedCostUsd,
        expectedLatencyMs,
        ineligibleReason);
  }

  /** A candidate without uncertainty, whose overall success is not known. */
  public Candidate(
      String llm,
      double score,
      double probability,
      double predictedSuccess,
      double expectedCostUsd,
      double expectedLatencyMs,
      @Nullable String ineligibleReason) {
    this(
        llm,
        score,
        probability,
        predictedSuccess,
        0,
        expectedCostUsd,
        expectedLatencyMs,
        ineligibleReason);
  }

  /** This candidate, ruled out for a reason. */
  public Candidate ineligible(String reason) {
    return with(expectedCostUsd, reason);
  }

  /** This candidate with another expected cost in USD. */
  public Candidate withCost(double usd) {
    return with(usd, ineligibleReason);
  }

  private Candidate with(double usd, @Nullable String reason) {
    return new Candidate(
        llm,
        score,
        probability,
        predictedSuccess,
        uncertainty,
        overallSuccess,
        usd,
        expectedLatencyMs,
        reason);
  }

  /** Whether the LLM may be chosen. */
  public boolean eligible() {
    return ineligibleReason == null;
  }
}
