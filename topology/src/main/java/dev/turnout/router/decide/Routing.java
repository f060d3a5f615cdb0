package dev.turnout.router.decide;

import dev.turnout.router.intake.DeadLetter;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.RoutingDecision;
import java.util.List;

/** What became of a query: a decision with the topics it leads to, or a refusal. */
public sealed interface Routing {

  /**
   * A decision.
   *
   * @param draft the decision, complete but for its timings
   * @param topic where the request goes
   * @param shadowTopics where copies for grading only go
   * @param spending what the owner of the tenant's budget must hear
   */
  record Decided(
      RoutingDecision.Builder draft,
      String topic,
      List<String> shadowTopics,
      List<BudgetEvent> spending)
      implements Routing {}

  /**
   * No decision is possible.
   *
   * @param spending what the owner of the tenant's budget must hear
   */
  record Refused(DeadLetter letter, List<BudgetEvent> spending) implements Routing {
    public Refused(DeadLetter letter) {
      this(letter, List.of());
    }
  }
}
