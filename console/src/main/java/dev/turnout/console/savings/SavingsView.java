package dev.turnout.console.savings;

import dev.turnout.offpolicy.savings.ScoredChoice;
import java.util.List;

/**
 * What the pages on savings know.
 *
 * @param graded what the samples say of savings
 * @param scored the latest graded decisions with what the router expected of each LLM
 * @param costWeight what a US cent is worth in reward to the routers, unless a query says otherwise
 */
public record SavingsView(GradedTraffic graded, List<ScoredChoice> scored, double costWeight) {
  /** Freezes the list. */
  public SavingsView {
    scored = List.copyOf(scored);
  }

  /** Nothing was graded. */
  public static SavingsView nothing() {
    return new SavingsView(new GradedTraffic(), List.of(), 0);
  }
}
