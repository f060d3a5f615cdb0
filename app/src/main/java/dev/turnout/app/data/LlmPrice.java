package dev.turnout.app.data;

/**
 * What an LLM charges.
 *
 * @param inputUsdPerMillion USD per 1M tokens read, >= 0
 * @param outputUsdPerMillion USD per 1M tokens written, >= 0
 */
public record LlmPrice(double inputUsdPerMillion, double outputUsdPerMillion) {
  private static final double MILLION = 1e6;

  public LlmPrice {
    if (!(inputUsdPerMillion >= 0) || !(outputUsdPerMillion >= 0)) {
      throw new IllegalArgumentException(
          "prices must be >= 0: input " + inputUsdPerMillion + ", output " + outputUsdPerMillion);
    }
  }

  /** Cost of one call in USD. */
  public double costUsd(double inputTokens, double outputTokens) {
    return (inputTokens * inputUsdPerMillion + outputTokens * outputUsdPerMillion) / MILLION;
  }
}
