package dev.turnout.policy.session;

/**
 * The LLM that answered the last turn of a conversation, and what changing it would cost.
 *
 * @param candidate its position among the candidates
 * @param prefixTokens tokens that it has read and any other would have to read anew, >= 0
 * @param switchCostUsd for each candidate, what its reading of the prefix costs more than the
 *     incumbent's, which may have it in its cache; NaN when a price is unknown; not copied
 */
public record Incumbent(int candidate, double prefixTokens, double[] switchCostUsd) {
  public Incumbent {
    if (candidate < 0 || candidate >= switchCostUsd.length) {
      throw new IllegalArgumentException(
          "incumbent " + candidate + " is none of " + switchCostUsd.length + " candidates");
    }
    if (!(prefixTokens >= 0)) {
      throw new IllegalArgumentException("prefix tokens must be >= 0: " + prefixTokens);
    }
  }
}
