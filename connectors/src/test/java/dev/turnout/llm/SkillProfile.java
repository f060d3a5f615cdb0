package dev.turnout.llm;

import java.time.Duration;
import java.util.Map;

/**
 * What a simulated LLM can do, stated rather than hidden: how often it answers well in each domain,
 * how fast it is and what it costs. Whether it answers one given query well follows from the
 * query's id, the LLM's id and a seed alone, so that a grader elsewhere comes to the same verdict
 * as the worker, and a run repeats.
 *
 * <p>Queries differ in difficulty for all LLMs at once: with correlation c, an LLM succeeds when
 * {@code Φ(√c·z(query) + √(1-c)·z(query, llm)) < p(domain)}, z standard normal. The share of
 * successes is p for any c; the larger c, the less a perfect router gains over the best LLM.
 *
 * @param llm the LLM's id
 * @param success probability of a good answer by domain, 0..1
 * @param otherwise probability of a good answer in every other domain, 0..1
 * @param medianLatency half of the answers take longer
 * @param latencySpread standard deviation of the latency's logarithm, e.g. 0.4
 * @param outputTokens mean length of an answer in tokens
 * @param prices what it costs
 */
public record SkillProfile(
    String llm,
    Map<String, Double> success,
    double otherwise,
    Duration medianLatency,
    double latencySpread,
    int outputTokens,
    TokenPrices prices) {

  /** Key of a query's metadata that names its domain. */
  public static final String DOMAIN = "domain";

  private static final double CORRELATION = 0.5;

  /** Checks the probabilities. */
  public SkillProfile {
    success = Map.copyOf(success);
    success.forEach((domain, probability) -> check(llm, domain, probability));
    check(llm, "any other domain", otherwise);
  }

  private static void check(String llm, String domain, double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "llm \""
              + llm
              + "\": success in "
              + domain
              + " is "
              + probability
              + "; it must be within 0..1");
    }
  }

  /** Probability of a good answer in a domain, 0..1. */
  public double success(String domain) {
    return success.getOrDefault(domain, otherwise);
  }

  /** Whether this LLM answers the query well: always the same for the same arguments. */
  public boolean succeeds(String queryId, String domain, long seed) {
    double shared = HashedDraw.normal(seed, "difficulty", queryId);
    double own = HashedDraw.normal(seed, llm, queryId);
    double ability = Math.sqrt(CORRELATION) * shared + Math.sqrt(1 - CORRELATION) * own;
    return HashedDraw.cumulativeNormal(ability) < success(domain);
  }

  /** How long the answer to the query takes: log-normal, always the same for a query. */
  public Duration latency(String queryId, long seed) {
    double factor = Math.exp(latencySpread * HashedDraw.normal(seed, llm + "/latency", queryId));
    return Duration.ofNanos(Math.round(medianLatency.toNanos() * factor));
  }

  /** Length of the answer in tokens: at least 1, exponential around the mean. */
  public long answerTokens(String queryId, long seed) {
    double uniform = HashedDraw.uniform(seed, llm + "/tokens", queryId);
    return Math.max(1, Math.round(-Math.log(uniform) * outputTokens));
  }
}
