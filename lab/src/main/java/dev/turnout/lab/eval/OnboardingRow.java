package dev.turnout.lab.eval;

/**
 * One LLM taken out and put back from a few probes, mean over seeds.
 *
 * @param llm LLM id
 * @param probes graded probe queries
 * @param idAverage mean of the test tasks with the LLM put back, percent
 * @param leftOutAverage the same with the LLM left out
 * @param fullAverage the same with the LLM trained like the others
 */
public record OnboardingRow(
    String llm, int probes, double idAverage, double leftOutAverage, double fullAverage) {
  /** Share of the full router's average; NaN if that is 0. */
  public double recovered() {
    return fullAverage == 0 ? Double.NaN : idAverage / fullAverage;
  }
}
