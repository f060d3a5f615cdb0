package dev.turnout.policy;

/** Choices in words. */
final class Reason {
  private Reason() {}

  /** {@code llm: why (score 0.123, predicted success 45 %)}. */
  static String of(String why, Candidate chosen) {
    return chosen.llm()
        + ": "
        + why
        + " (score "
        + Decimals.fixed(chosen.score(), 3)
        + ", predicted success "
        + Decimals.fixed(100 * chosen.predictedSuccess(), 0)
        + " %)";
  }
}
