package dev.turnout.policy.session;

/**
 * What must be gained before another LLM takes a conversation over.
 *
 * @param gain predicted success that must be gained whatever the conversation's length, >= 0;
 *     smaller differences between predictions mean little
 * @param costWeight predicted success that a US cent of switching is worth, >= 0, where the query's
 *     own weight of costs is not higher
 * @param latencyWeight predicted success that a second of reading anew is worth, >= 0, where the
 *     query's own weight of latency is not higher
 */
public record SwitchingTerms(double gain, double costWeight, double latencyWeight) {
  /** Tokens of a prompt that an LLM reads in a second, when nothing is cached. */
  static final double TOKENS_A_SECOND = 4_000;

  public SwitchingTerms {
    if (!(gain >= 0) || !(costWeight >= 0) || !(latencyWeight >= 0)) {
      throw new IllegalArgumentException(
          "terms of switching must be >= 0: gain "
              + gain
              + ", cost weight "
              + costWeight
              + ", latency weight "
              + latencyWeight);
    }
  }

  /** Seconds that another LLM takes to read a conversation. */
  static double readingSeconds(double prefixTokens) {
    return prefixTokens / TOKENS_A_SECOND;
  }
}
