package dev.turnout.offpolicy.savings;

import dev.turnout.offpolicy.Estimate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What routing saved and earned on the graded queries, against simple alternatives.
 *
 * @param choices number of graded queries with a known cost
 * @param reward their mean reward as routed
 * @param costUsd their cost as routed
 * @param llms each LLM by itself, best reward first
 * @param best the LLM of the best estimated reward among those that could answer nearly all
 *     queries; null when there is none
 * @param rivals LLMs whose reward does not lie surely below it, so that each may really be the best
 * @param savedUsd savings against the best single LLM, whichever of best and rivals that is; holds
 *     the truth in 95 of 100 cases. Null without a best
 * @param cheapest the LLM of the lowest estimated cost; null when there is none
 * @param random every LLM that can answer equally likely; null without choices
 * @param equalCost quality at the same cost; null when no LLM has enough answers
 * @param tenants each tenant, most costly first
 * @param cells each cell over all tenants, most costly first
 * @param parts each cell of each tenant, most costly first
 */
public record SavingsReport(
    long choices,
    double reward,
    double costUsd,
    List<Alternative> llms,
    @Nullable Alternative best,
    List<String> rivals,
    @Nullable Estimate savedUsd,
    @Nullable Alternative cheapest,
    @Nullable Alternative random,
    @Nullable EqualCost equalCost,
    List<PartSavings> tenants,
    List<PartSavings> cells,
    List<PartSavings> parts) {
  public SavingsReport {
    llms = List.copyOf(llms);
    rivals = List.copyOf(rivals);
    tenants = List.copyOf(tenants);
    cells = List.copyOf(cells);
    parts = List.copyOf(parts);
  }

  /**
   * Savings of a part of the traffic against the LLM that is best on all of it.
   *
   * @param tenant whose; null for all tenants
   * @param cell which region of the queries, {@link PricedChoice#NO_CELL} for none; null for all
   * @param choices number of queries
   * @param reward mean reward as routed
   * @param costUsd cost of all as routed
   * @param savedUsd how much less they cost than the best single LLM would have
   * @param gainedReward how much more reward a routed query earns
   */
  public record PartSavings(
      @Nullable String tenant,
      @Nullable Integer cell,
      long choices,
      double reward,
      double costUsd,
      Estimate savedUsd,
      Estimate gainedReward) {}
}
