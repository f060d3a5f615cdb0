package dev.turnout.ledger;

import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the other routers hold the same budgets as this one: those that own the tenants' accounts
 * say so with every word, those that spend with every movement that reaches an account kept here.
 * Reports {@code turnout_budget_disagreements}, the tenants in whose accounts others are at work.
 * What was said before this router started may come from an earlier configuration and does not
 * count. Safe for use by several threads.
 */
public final class BudgetAgreement {
  /** A spender with other budgets counts until it has been silent for as long. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(BudgetAgreement.class);

  private final String own;
  private final Clock clock;
  private final Instant since;
  private final Set<String> keptByOthers = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> spentByOthers = new ConcurrentHashMap<>();

  /**
   * Starts to listen.
   *
   * @param own this router's budgets
   * @param clock by which it starts now, and spenders are forgotten
   */
  public BudgetAgreement(TenantBudgets own, Clock clock, MeterRegistry registry) {
    this.own = own.digest();
    this.clock = clock;
    this.since = clock.instant();
    Gauge.builder("turnout.budget.disagreements", this, it -> it.differing())
        .description("tenants whose account a router with other budgets than this one's works on")
        .register(registry);
  }

  /** Takes in an owner's word; one of a release that did not say its budgets tells nothing. */
  public void heard(BudgetState word) {
    String others = word.getBudgets();
    if (others.isEmpty() || word.getAt().isBefore(since)) {
      return;
    }
    if (others.equals(own)) {
      keptByOthers.remove(word.getTenant());
    } else if (keptByOthers.add(word.getTenant())) {
      warn("kept", word.getTenant(), others);
    }
  }

  /** Takes in a movement in an account that is kept here. */
  void moved(BudgetEvent event) {
    String others = event.getBudgets();
    if (others.isEmpty() || others.equals(own) || event.getAt().isBefore(since)) {
      return;
    }
    Instant before = spentByOthers.put(event.getTenant(), clock.instant());
    if (before == null || forgotten(before)) {
      warn("spent from", event.getTenant(), others);
    }
  }

  private int differing() {
    Collection<String> spent =
        spentByOthers.entrySet().stream()
            .filter(each -> !forgotten(each.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    return (int) Stream.concat(keptByOthers.stream(), spent.stream()).distinct().count();
  }

  private boolean forgotten(Instant heard) {
    return heard.plus(REMEMBERED).isBefore(clock.instant());
  }

  private void warn(String what, String tenant, String others) {
    log.warn(
        "the account of tenant \"{}\" is {} by a router with other budgets ({}) than this one's"
            + " ({}): give all routers of this router.application-id the same"
            + " router.tenant-budgets, router.tenant-bursts and router.budget-window",
        tenant,
        what,
        others,
        own);
  }
}
