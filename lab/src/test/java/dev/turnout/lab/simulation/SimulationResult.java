package dev.turnout.lab.simulation;

import dev.turnout.belief.Posteriors;
import dev.turnout.model.RouterModel;
import dev.turnout.offpolicy.Verdict;
import java.util.List;

/**
 * What became of a simulated stream.
 *
 * @param rewards reward of every query of the stream, in order
 * @param chosen LLM of every query of the stream, in order
 * @param verdicts of every candidate, in order
 * @param model the model that serves at the end
 * @param posteriors its posteriors at the end
 */
public record SimulationResult(
    double[] rewards,
    int[] chosen,
    List<Verdict> verdicts,
    RouterModel model,
    Posteriors posteriors) {

  /** Mean reward while learning. */
  public double meanReward() {
    double sum = 0;
    for (double reward : rewards) {
      sum += reward;
    }
    return sum / rewards.length;
  }

  /** Share of an LLM among the queries from one position to another. */
  public double share(int llm, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += chosen[i] == llm ? 1 : 0;
    }
    return count / (double) (to - from);
  }

  /** What the learnt router, without exploration, chooses for queries. */
  public int[] choose(List<SimulatedQuery> queries) {
    LearntRouter router = new LearntRouter(model, posteriors);
    return queries.stream().mapToInt(query -> router.best(query)).toArray();
  }
}
