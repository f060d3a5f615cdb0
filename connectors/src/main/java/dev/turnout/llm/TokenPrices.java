package dev.turnout.llm;

import org.jspecify.annotations.Nullable;

/**
 * What an LLM costs.
 *
 * @param inputUsdPerMillion price of 1M prompt tokens in USD
 * @param outputUsdPerMillion price of 1M answer tokens in USD
 */
public record TokenPrices(double inputUsdPerMillion, double outputUsdPerMillion) {

  private static final double MILLION = 1e6;

  /** Checks that no price is negative. */
  public TokenPrices {
    if (!(inputUsdPerMillion >= 0) || !(outputUsdPerMillion >= 0)) {
      throw new IllegalArgumentException(
          "token prices are "
              + inputUsdPerMillion
              + " and "
              + outputUsdPerMillion
              + " USD per 1M tokens; they must not be negative");
    }
  }

  /** Cost of one call in USD; null when a token count is unknown. */
  public @Nullable Double cost(@Nullable Long promptTokens, @Nullable Long completionTokens) {
    if (promptTokens == null || completionTokens == null) {
      return null;
    }
    return (promptTokens * inputUsdPerMillion + completionTokens * outputUsdPerMillion) / MILLION;
  }
}
