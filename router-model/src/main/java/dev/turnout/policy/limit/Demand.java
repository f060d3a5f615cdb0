package dev.turnout.policy.limit;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a query demands of an LLM, whatever its producer permits.
 *
 * @param promptTokens tokens of the whole prompt, estimated, >= 0
 * @param maxOutputTokens longest answer that was asked for, in tokens; NaN when it was not said
 * @param fit what must fit into an LLM's context window
 * @param capabilities what the LLM must be able to do
 * @param previousLlm who answered last, and may have the prompt's beginning in its cache; null when
 *     nobody did
 * @param prefixTokens tokens of that beginning, 0 to {@code promptTokens}
 */
public record Demand(
    double promptTokens,
    double maxOutputTokens,
    Fit fit,
    Set<String> capabilities,
    @Nullable String previousLlm,
    double prefixTokens) {

  /** What must fit; from the strictest to the most lenient. */
  public enum Fit {
    PROMPT_AND_ANSWER,
    PROMPT,
    NOTHING
  }

  public Demand {
    capabilities = Set.copyOf(capabilities);
    prefixTokens = Math.min(prefixTokens, promptTokens);
  }

  /** A text alone, of so many tokens. */
  public static Demand text(double promptTokens) {
    return new Demand(promptTokens, Double.NaN, Fit.PROMPT, Set.of(), null, 0);
  }

  /** The same of which something else must fit. */
  public Demand with(Fit other) {
    return new Demand(
        promptTokens, maxOutputTokens, other, capabilities, previousLlm, prefixTokens);
  }

  /** An answer's expected length when at most so much was asked for. */
  public double outputTokens(double expected) {
    return Double.isNaN(maxOutputTokens) ? expected : Math.min(expected, maxOutputTokens);
  }

  /** Tokens of the prompt that an LLM may have in its cache. */
  public double cachedTokens(String llm) {
    return llm.equals(previousLlm) ? prefixTokens : 0;
  }

  /**
   * Why an LLM's lengths do not suffice, in words; null when they do.
   *
   * @param contextWindow in tokens; null when it is not known
   * @param longestAnswer in tokens; null when it is not known
   * @param outputTokens expected length of its answer
   */
  public @Nullable String excess(
      @Nullable Long contextWindow, @Nullable Long longestAnswer, double outputTokens) {
    if (fit == Fit.NOTHING) {
      return null;
    }
    boolean answer = fit == Fit.PROMPT_AND_ANSWER;
    double asked = Double.isNaN(maxOutputTokens) ? outputTokens : maxOutputTokens;
    double tokens = answer ? promptTokens + asked : promptTokens;
    if (contextWindow != null && tokens > contextWindow) {
      return "about "
          + (long) tokens
          + " tokens"
          + (answer ? " of prompt and answer" : "")
          + " do not fit its context window of "
          + contextWindow;
    }
    return answer && longestAnswer != null && maxOutputTokens > longestAnswer
        ? "its answers have at most "
            + longestAnswer
            + " tokens, but "
            + (long) maxOutputTokens
            + " were asked for"
        : null;
  }
}
