package dev.turnout.router.decide;

import dev.turnout.schema.BudgetEvent;

/** No LLM that may answer a query can be paid for from what its tenant's budget has left. */
final class BudgetExhaustedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient BudgetEvent event;

  BudgetExhaustedException(String message, BudgetEvent event) {
    super(message, null, false, false);
    this.event = event;
  }

  /** What the budget's owner must hear. */
  BudgetEvent event() {
    return event;
  }
}
