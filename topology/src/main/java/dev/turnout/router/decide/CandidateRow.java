package dev.turnout.router.decide;

import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.policy.limit.Capabilities;
import dev.turnout.policy.limit.Demand;
import dev.turnout.schema.LlmProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One LLM that queries may go to: what does not depend on the query.
 *
 * @param llm LLM id
 * @param scored whether the model knows it
 * @param overallSuccess mean success whatever the query; NaN when unknown
 * @param profile as registered; null when it is not
 * @param capabilities what it can do
 * @param ineligibleReason why no query may go to it; null when some may
 * @param unavailable why its workers cannot have it answer; null when they can
 */
record CandidateRow(
    String llm,
    boolean scored,
    double overallSuccess,
    @Nullable LlmProfile profile,
    Capabilities capabilities,
    @Nullable String ineligibleReason,
    @Nullable String unavailable) {
  /** Answer length of an LLM whose profile does not say. */
  private static final double USUAL_OUTPUT_TOKENS = 256;

  static CandidateRow of(
      String llm,
      boolean scored,
      double overallSuccess,
      @Nullable RegisteredLlm registered,
      @Nullable String ineligibleReason) {
    LlmProfile profile = registered == null ? null : registered.profile();
    return new CandidateRow(
        llm,
        scored,
        overallSuccess,
        profile,
        Capabilities.of(profile == null ? List.of() : profile.getCapabilities()),
        ineligibleReason,
        registered == null ? null : registered.unavailable());
  }

  /** Length of an answer in tokens that nothing is learnt of: what the profile states. */
  double usualOutputTokens() {
    Double stated = profile == null ? null : profile.getExpectedOutputTokens();
    return stated == null ? USUAL_OUTPUT_TOKENS : stated;
  }

  /** Expected cost in USD; NaN without a profile or prices. */
  double costUsd(Demand demand, double outputTokens) {
    if (profile == null
        || profile.getInputUsdPerMillionTokens() == null
        || profile.getOutputUsdPerMillionTokens() == null) {
      return Double.NaN;
    }
    double cached = demand.cachedTokens(llm);
    return ((demand.promptTokens() - cached) * profile.getInputUsdPerMillionTokens()
            + cached * cachedPrice()
            + outputTokens * profile.getOutputUsdPerMillionTokens())
        / 1e6;
  }

  /** USD for 1M prompt tokens that it has in its cache; NaN when not even its price is known. */
  double cachedPrice() {
    if (profile == null || profile.getInputUsdPerMillionTokens() == null) {
      return Double.NaN;
    }
    Double cached = profile.getCachedInputUsdPerMillionTokens();
    return cached == null ? profile.getInputUsdPerMillionTokens() : cached;
  }

  /** USD for 1M prompt tokens; NaN when it is not known. */
  double price() {
    Double price = profile == null ? null : profile.getInputUsdPerMillionTokens();
    return price == null ? Double.NaN : price;
  }

  /** Expected latency in milliseconds; NaN when the profile does not say. */
  double latencyMillis() {
    Double latency = profile == null ? null : profile.getExpectedLatencyMs();
    return latency == null ? Double.NaN : latency;
  }

  boolean eligible() {
    return ineligibleReason == null && unavailable == null;
  }

  CandidateRow asIfAvailable() {
    return new CandidateRow(
        llm, scored, overallSuccess, profile, capabilities, ineligibleReason, null);
  }

  /** Why it may not answer a query of this demand; null when it may. */
  @Nullable String ineligibleReason(Demand demand, double outputTokens) {
    if (!eligible() || profile == null) {
      return ineligibleReason == null ? unavailable : ineligibleReason;
    }
    String lack = capabilities.lack(demand.capabilities());
    return lack == null
        ? demand.excess(profile.getContextWindow(), profile.getMaxOutputTokens(), outputTokens)
        : lack;
  }
}
