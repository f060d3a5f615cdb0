package dev.turnout.policy.limit;

import dev.turnout.policy.Candidate;
import dev.turnout.policy.Decimals;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Candidates after a query's limits were applied. When nothing fits, limits are relaxed one after
 * the other until something does: first the latency limit, then the cost limit (down to the
 * cheapest LLMs, not to any). The list of allowed LLMs is never given up: when none of it can take
 * queries, nobody is eligible. LLMs that cannot take queries at all stay out.
 *
 * @param candidates in the given order; ineligible ones with the reason in words
 * @param relaxation which limits were given up and why, in words; null when none
 */
public record LimitedCandidates(List<Candidate> candidates, @Nullable String relaxation) {
  public LimitedCandidates {
    candidates = List.copyOf(candidates);
  }

  /**
   * Applies limits. An LLM of unknown cost or latency does not pass a limit on it.
   *
   * @param candidates those already ineligible stay so, with their own reason
   * @throws IllegalArgumentException if every candidate is ineligible from the start
   */
  public static LimitedCandidates of(List<Candidate> candidates, ChoiceLimits limits) {
    if (candidates.stream().noneMatch(Candidate::eligible)) {
      throw new IllegalArgumentException(
          "none of " + candidates.size() + " LLMs can take queries: " + candidates);
    }
    Function<Candidate, @Nullable String> allowed = c -> notAllowed(c, limits);
    Function<Candidate, @Nullable String> cost = c -> tooDear(c, limits.maxCostUsd());
    Function<Candidate, @Nullable String> latency = c -> tooSlow(c, limits.maxLatencyMs());

    List<Candidate> strict = filter(candidates, List.of(allowed, cost, latency));
    if (anyEligible(strict)) {
      return new LimitedCandidates(strict, null);
    }
    List<Candidate> anyLatency = filter(candidates, List.of(allowed, cost));
    if (anyEligible(anyLatency)) {
      return new LimitedCandidates(
          anyLatency, "no LLM fits all limits; the latency limit was given up");
    }
    List<Candidate> permitted = filter(candidates, List.of(allowed));
    if (anyEligible(permitted)) {
      double cheapest = cheapest(permitted);
      Function<Candidate, @Nullable String> aboveCheapest = c -> tooDear(c, cheapest);
      return new LimitedCandidates(
          filter(candidates, List.of(allowed, aboveCheapest)),
          "no LLM is within the cost limit; the cheapest was taken, whatever its latency");
    }
    return new LimitedCandidates(permitted, null);
  }

  private static List<Candidate> filter(
      List<Candidate> candidates, List<Function<Candidate, @Nullable String>> rules) {
    return candidates.stream().map(c -> apply(c, rules)).toList();
  }

  private static Candidate apply(
      Candidate candidate, List<Function<Candidate, @Nullable String>> rules) {
    if (!candidate.eligible()) {
      return candidate;
    }
    for (Function<Candidate, @Nullable String> rule : rules) {
      String reason = rule.apply(candidate);
      if (reason != null) {
        return candidate.ineligible(reason);
      }
    }
    return candidate;
  }

  private static @Nullable String notAllowed(Candidate candidate, ChoiceLimits limits) {
    return limits.allowedLlms().isEmpty() || limits.allowedLlms().contains(candidate.llm())
        ? null
        : "not among the LLMs that the query allows";
  }

  private static @Nullable String tooDear(Candidate candidate, double limit) {
    if (Double.isNaN(limit) || candidate.expectedCostUsd() <= limit) {
      return null;
    }
    return Double.isNaN(candidate.expectedCostUsd())
        ? "its cost is unknown and the query limits the cost"
        : "expected cost "
            + Decimals.fixed(candidate.expectedCostUsd(), 6)
            + " USD is above the limit of "
            + Decimals.fixed(limit, 6)
            + " USD";
  }

  private static @Nullable String tooSlow(Candidate candidate, double limit) {
    if (Double.isNaN(limit) || candidate.expectedLatencyMs() <= limit) {
      return null;
    }
    return Double.isNaN(candidate.expectedLatencyMs())
        ? "its latency is unknown and the query limits the latency"
        : "expected latency "
            + Decimals.fixed(candidate.expectedLatencyMs(), 0)
            + " ms is above the limit of "
            + Decimals.fixed(limit, 0)
            + " ms";
  }

  private static double cheapest(List<Candidate> candidates) {
    return candidates.stream()
        .filter(Candidate::eligible)
        .mapToDouble(Candidate::expectedCostUsd)
        .filter(cost -> !Double.isNaN(cost))
        .min()
        .orElse(Double.NaN);
  }

  private static boolean anyEligible(List<Candidate> candidates) {
    return candidates.stream().anyMatch(Candidate::eligible);
  }
}
