package dev.turnout.llm;

import org.jspecify.annotations.Nullable;

/**
 * What an LLM costs.
 *
 * @param inputUsdPerMillion price of 1M prompt tokens in USD
 * @param outputUsdPerMillion price of 1M answer tokens in USD
 * @param cachedInputUsdPerMillion price of 1M prompt tokens that the LLM has in its cache, in USD;
 *     null when they cost as others
 */
public record TokenPrices(
    double inputUsdPerMillion,
    double outputUsdPerMillion,
    @Nullable Double cachedInputUsdPerMillion) {

  private static final double MILLION = 1e6;

  /** Checks that no price is negative. */
  public TokenPrices {
    if (!(inputUsdPerMillion >= 0)
        || !(outputUsdPerMillion >= 0)
        || (cachedInputUsdPerMillion != null && !(cachedInputUsdPerMillion >= 0))) {
      throw new IllegalArgumentException(
          "token prices are "
              + inputUsdPerMillion
              + ", "
              + outputUsdPerMillion
              + " and, from the cache, "
              + cachedInputUsdPerMillion
              + " USD per 1M tokens; they must not be negative");
    }
  }

  /** Prices of an LLM whose cached tokens cost as others. */
  public TokenPrices(double inputUsdPerMillion, double outputUsdPerMillion) {
    this(inputUsdPerMillion, outputUsdPerMillion, null);
  }

  /** Cost of one call in USD, nothing of it cached; null when a token count is unknown. */
  public @Nullable Double cost(@Nullable Long promptTokens, @Nullable Long completionTokens) {
    return cost(promptTokens, completionTokens, null);
  }

  /**
   * Cost of one call in USD.
   *
   * @param cachedPromptTokens how many of the prompt's tokens were in the LLM's cache; null is none
   * @return null when another token count is unknown
   */
  public @Nullable Double cost(
      @Nullable Long promptTokens,
      @Nullable Long completionTokens,
      @Nullable Long cachedPromptTokens) {
    if (promptTokens == null || completionTokens == null) {
      return null;
    }
    long cached =
        cachedPromptTokens == null ? 0 : Math.max(0, Math.min(cachedPromptTokens, promptTokens));
    double cachedPrice =
        cachedInputUsdPerMillion == null ? inputUsdPerMillion : cachedInputUsdPerMillion;
    return ((promptTokens - cached) * inputUsdPerMillion
            + cached * cachedPrice
            + completionTokens * outputUsdPerMillion)
        / MILLION;
  }
}
