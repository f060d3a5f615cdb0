package dev.turnout.lab.simulation;

/**
 * What goes wrong, or changes, during a simulated stream.
 *
 * @param adversarialShare share of grades given by a grader that turns every reward around, 0..1
 * @param lossShare share of grades that never arrive, 0..1
 * @param duplicateShare share of grades that arrive twice, 0..1
 * @param delay queries between a decision and its grade
 * @param degradedLlm LLM whose reward is worth a fifth from the middle of the stream on; -1 for
 *     none
 * @param newLlm LLM that may be chosen only from the middle of the stream on; -1 for none
 */
public record StreamScenario(
    double adversarialShare,
    double lossShare,
    double duplicateShare,
    int delay,
    int degradedLlm,
    int newLlm) {

  public static StreamScenario plain() {
    return new StreamScenario(0, 0, 0, 0, -1, -1);
  }

  /** The reward of an LLM for a query at a position of the stream. */
  double reward(SimulatedQuery query, int llm, int position, int length) {
    boolean degraded = llm == degradedLlm && position >= length / 2;
    return degraded ? query.rewards()[llm] / 5 : query.rewards()[llm];
  }
}
