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
   * @param decision complete but for queue and decision time
   * @param topic where the request goes
   * @param shadowTopics where copies for grading only go
   * @param spending what was reserved, for the account of the tenant's budget
   */
  record Decided(
      RoutingDecision.Builder decision,
      String topic,
      List<String> shadowTopics,
      List<BudgetEvent> spending)
      implements Routing {}

  /**
   * No decision is possible.
   *
   * @param letter why
   * @param spending the refusal, for the account of the tenant's budget, if that is the reason
   */
  record Refused(DeadLetter letter, List<BudgetEvent> spending) implements Routing {

    /** A refusal that no budget is behind. */
    public Refused(DeadLetter letter) {
      this(letter, List.of());
    }
  }
}
