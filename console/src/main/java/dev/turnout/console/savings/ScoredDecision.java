package dev.turnout.console.savings;

import dev.turnout.offpolicy.savings.PricedChoice;
import dev.turnout.offpolicy.savings.ScoredChoice;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import java.util.List;
import java.util.Optional;

/** What a decision and its answer say of other weights. */
public final class ScoredDecision {
  private ScoredDecision() {}

  /**
   * The choice with what the router expected.
   *
   * @param llm that answered
   * @param reward of its answer; NaN when nobody graded it
   * @param costUsd of its answer; NaN when unknown
   * @return empty without grade or cost, when another LLM answered than was drawn, or when the
   *     decision does not say how likely each LLM was
   */
  public static Optional<ScoredChoice> of(
      RoutingDecision decision, String llm, double reward, double costUsd) {
    List<LlmScore> ranking = decision.getRanking();
    List<String> llms = ranking.stream().map(LlmScore::getLlm).toList();
    int chosen = llms.indexOf(llm);
    if (!llm.equals(decision.getLlm())
        || Double.isNaN(reward)
        || !(costUsd >= 0)
        || chosen < 0
        || !(ranking.get(chosen).getPropensity() > 0)) {
      return Optional.empty();
    }
    Integer cell = decision.getCell();
    return Optional.of(
        new ScoredChoice(
            new PricedChoice(
                decision.getTenant(),
                cell == null ? PricedChoice.NO_CELL : cell,
                llms,
                ranking.stream().mapToDouble(LlmScore::getPropensity).toArray(),
                chosen,
                Math.max(0, Math.min(1, reward)),
                costUsd),
            ranking.stream().mapToDouble(LlmScore::getPredictedSuccess).toArray(),
            ranking.stream().mapToDouble(ScoredDecision::cost).toArray()));
  }

  private static double cost(LlmScore score) {
    Double cost = score.getExpectedCostUsd();
    return cost == null ? Double.NaN : cost;
  }
}
