package dev.turnout.policy.limit;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a query demands of an LLM, whatever its producer permits.
 *
 * @param promptTokens tokens of the whole prompt, estimated, >= 0
 * @param maxOutputTokens longest answer that was asked for, in tokens; NaN when it was not said
 * @param stated whether the query states its needs: then the answer must fit beside the prompt
 * @param capabilities what the LLM must be able to do
 * @param previousLlm who answered last, and may have the prompt's beginning in its cache; null when
 *     nobody did
 * @param prefixTokens tokens of that beginning, 0 to {@code promptTokens}
 */
public record Demand(
    double promptTokens,
    double maxOutputTokens,
    boolean stated,
    Set<String> capabilities,
    @Nullable String previousLlm,
    double prefixTokens) {
  public Demand {
    capabilities = Set.copyOf(capabilities);
    prefixTokens = Math.min(prefixTokens, promptTokens);
  }

  /** A text alone, of so many tokens. */
  public static Demand text(double promptTokens) {
    return new Demand(promptTokens, Double.NaN, false, Set.of(), null, 0);
  }

  /** The same without regard to lengths: only what no LLM may lack. */
  public Demand ofAnyLength() {
    return new Demand(promptTokens, maxOutputTokens, false, capabilities, previousLlm, prefixTokens);
  }

  /** An answer's expected length when at most so much was asked for. */
  public double outputTokens(double expected) {
    return Double.isNaN(maxOutputTokens) ? expected : Math.min(expected, maxOutputTokens);
  }

  /** Tokens that prompt and answer take together. */
  public double windowTokens(double expectedOutput) {
    if (!stated) {
      return promptTokens;
    }
    return promptTokens + (Double.isNaN(maxOutputTokens) ? expectedOutput : maxOutputTokens);
  }

  /** Tokens of the prompt that an LLM may have in its cache. */
  public double cachedTokens(String llm) {
    return llm.equals(previousLlm) ? prefixTokens : 0;
  }
}
