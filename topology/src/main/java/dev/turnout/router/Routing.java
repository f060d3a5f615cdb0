package dev.turnout.router;

import dev.turnout.schema.RoutingDecision;
import java.util.List;

/** What became of a query: a decision with the topics it leads to, or a refusal. */
sealed interface Routing {

  /**
   * A decision.
   *
   * @param draft the decision, complete but for its timings
   * @param topic where the request goes
   * @param shadowTopics where copies for grading only go
   */
  record Decided(RoutingDecision.Builder draft, String topic, List<String> shadowTopics)
      implements Routing {}

  /** No decision is possible. */
  record Refused(DeadLetter letter) implements Routing {}
}
