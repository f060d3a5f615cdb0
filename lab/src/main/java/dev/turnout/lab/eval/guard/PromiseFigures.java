package dev.turnout.lab.eval.guard;

import java.util.List;

/**
 * How a promised rate of success is kept.
 *
 * @param rate share of right answers that is promised
 * @param queries how many were judged
 * @param llms every LLM that it is promised of
 */
public record PromiseFigures(double rate, int queries, List<Kept> llms) {
  public PromiseFigures {
    llms = List.copyOf(llms);
  }

  /**
   * One LLM.
   *
   * @param llm its id
   * @param trusted share of the judged queries that it may answer
   * @param wrong share of wrong answers among them; NaN without any
   * @param wrongOverall share of wrong answers among all judged queries
   */
  public record Kept(String llm, double trusted, double wrong, double wrongOverall) {}
}
