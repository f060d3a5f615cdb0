package dev.turnout.policy;

import java.util.Locale;

/** Choices in words. */
final class Reason {
  private Reason() {}

  /** {@code llm: why (score 0.123, predicted success 45 %)}. */
  static String of(String why, Candidate chosen) {
    return String.format(
        Locale.ROOT,
        "%s: %s (score %.3f, predicted success %.0f %%)",
        chosen.llm(),
        why,
        chosen.score(),
        100 * chosen.predictedSuccess());
  }
}
