package dev.turnout.ledger;

import dev.turnout.topic.LogText;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ledger refused, each logged and counted: {@code turnout_budget_refused_total{what}} with
 * {@code cost} (negative, infinite or no number), {@code tenant} (a record of the tenants topic),
 * {@code movement} (a record that cannot be read) and {@code repeated} (an outcome that was charged
 * before; workers report at least once, so it is not logged). Safe for use by several threads.
 */
final class BudgetRefusals {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetRefusals.class);

  private final Counter costs;
  private final Counter tenants;
  private final Counter movements;
  private final Counter repeated;

  BudgetRefusals(MeterRegistry registry) {
    this.costs = counter(registry, "cost");
    this.tenants = counter(registry, "tenant");
    this.movements = counter(registry, "movement");
    this.repeated = counter(registry, "repeated");
  }

  private static Counter counter(MeterRegistry registry, String what) {
    return Counter.builder("turnout.budget.refused")
        .description("what the budget ledger refused because it is invalid")
        .tag("what", what)
        .register(registry);
  }

  /** An invalid cost: it counts as unknown. */
  void cost(String tenant, String queryId, double usd) {
    costs.increment();
    LOG.atWarn()
        .setMessage("cost refused, it counts as unknown; correct the worker that reports it")
        .addKeyValue("tenant", LogText.of(tenant))
        .addKeyValue("query", LogText.of(queryId))
        .addKeyValue("usd", usd)
        .log();
  }

  /** An invalid record of a tenant: what held before goes on. */
  void tenant(RuntimeException cause) {
    tenants.increment();
    LOG.atError().setMessage("tenant refused, its budget stays").setCause(cause).log();
  }

  /** A record that cannot be read, or is invalid: it is skipped. */
  void movement(RuntimeException cause) {
    movements.increment();
    LOG.atError().setMessage("budget record refused").setCause(cause).log();
  }

  /** An outcome that was charged before: it is not charged again. */
  void repeated() {
    repeated.increment();
  }
}
