package dev.turnout.follow;

import dev.turnout.schema.BudgetState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the routers that own the tenants' accounts hold the same budgets as this one. Reports
 * {@code turnout_budget_disagreements}, the tenants whose owner holds others. What was said before
 * this router started may come from an earlier configuration and does not count.
 */
final class BudgetAgreement {
  private static final Logger log = LoggerFactory.getLogger(BudgetAgreement.class);

  private final String own;
  private final Instant since;
  private final Set<String> differing = ConcurrentHashMap.newKeySet();

  /**
   * @param own digest of this router's budgets
   * @param since when this router started
   */
  BudgetAgreement(String own, Instant since, MeterRegistry registry) {
    this.own = own;
    this.since = since;
    Gauge.builder("turnout.budget.disagreements", differing, Set::size)
        .description("tenants whose account is kept by a router with other budgets than this one's")
        .register(registry);
  }

  /** Takes in an owner's word; one of a release that did not say its budgets tells nothing. */
  void heard(BudgetState word) {
    String others = word.getBudgets();
    if (others.isEmpty() || word.getAt().isBefore(since)) {
      return;
    }
    if (others.equals(own)) {
      differing.remove(word.getTenant());
    } else if (differing.add(word.getTenant())) {
      log.warn(
          "the account of tenant \"{}\" is kept by a router with other budgets ({}) than this one's"
              + " ({}): give all routers of this router.application-id the same"
              + " router.tenant-budgets, router.tenant-bursts and router.budget-window",
          word.getTenant(),
          others,
          own);
    }
  }
}
