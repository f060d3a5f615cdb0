package dev.turnout.app.data;

/**
 * What an LLM charges.
 *
 * @param inputUsdPerMillion USD per 1M tokens read, >= 0
 * @param outputUsdPerMillion USD per 1M tokens written, >= 0
 */
public record LlmPrice(double inputUsdPerMillion, double outputUsdPerMillion) {
  private static final double MILLION = 1e6;

  /** Usual length of a token in English. */
  public static final int CHARACTERS_PER_TOKEN = 4;

  public LlmPrice {
    if (!(inputUsdPerMillion >= 0) || !(outputUsdPerMillion >= 0)) {
      throw new IllegalArgumentException(
          "prices must be >= 0: input " + inputUsdPerMillion + ", output " + outputUsdPerMillion);
    }
  }

  /** Tokens of a question, a token per {@value #CHARACTERS_PER_TOKEN} characters. */
  public static double inputTokens(String question) {
    return (double) question.length() / CHARACTERS_PER_TOKEN;
  }

  /**
   * Tokens that a call's answer had, by what the call cost.
   *
   * @param costUsd NaN when unknown
   * @param question that was asked
   * @return NaN when they are unknown, or answers are free
   */
  public double outputTokens(double costUsd, String question) {
    double input = inputTokens(question) * inputUsdPerMillion;
    return outputUsdPerMillion > 0
        ? Math.max(0, (costUsd * MILLION - input) / outputUsdPerMillion)
        : Double.NaN;
  }

  /** Cost of one call in USD. */
  public double costUsd(double inputTokens, double outputTokens) {
    return (inputTokens * inputUsdPerMillion + outputTokens * outputUsdPerMillion) / MILLION;
  }
}
