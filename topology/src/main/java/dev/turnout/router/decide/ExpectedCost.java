package dev.turnout.router.decide;

import dev.turnout.schema.LlmProfile;
import org.jspecify.annotations.Nullable;

/** What an answer is expected to cost, from an LLM's profile and the length of the query. */
final class ExpectedCost {
  /** Answer length of an LLM whose profile does not say. */
  private static final double USUAL_OUTPUT_TOKENS = 256;

  private static final double CHARACTERS_PER_TOKEN = 4;

  private ExpectedCost() {}

  /**
   * Estimated prompt tokens: four ASCII characters, or one other character, are about one token.
   */
  static double promptTokens(String text) {
    int ascii = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x80) {
        ascii++;
      }
    }
    return ascii / CHARACTERS_PER_TOKEN + (text.length() - ascii);
  }

  /** Expected cost in USD; NaN without a profile or prices. */
  static double usd(@Nullable LlmProfile profile, double promptTokens) {
    if (profile == null
        || profile.getInputUsdPerMillionTokens() == null
        || profile.getOutputUsdPerMillionTokens() == null) {
      return Double.NaN;
    }
    Double output = profile.getExpectedOutputTokens();
    double outputTokens = output == null ? USUAL_OUTPUT_TOKENS : output;
    return (promptTokens * profile.getInputUsdPerMillionTokens()
            + outputTokens * profile.getOutputUsdPerMillionTokens())
        / 1e6;
  }

  /** Expected latency in milliseconds; NaN when the profile does not say. */
  static double latencyMillis(@Nullable LlmProfile profile) {
    Double latency = profile == null ? null : profile.getExpectedLatencyMs();
    return latency == null ? Double.NaN : latency;
  }
}
