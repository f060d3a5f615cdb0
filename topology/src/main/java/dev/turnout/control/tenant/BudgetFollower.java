package dev.turnout.control.tenant;

import dev.turnout.budget.BudgetView;
import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.ledger.BudgetAgreement;
import dev.turnout.ledger.TenantBudgets;
import dev.turnout.schema.BudgetState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Follows what the owners of the tenants' budgets say. Reports {@code turnout_budget_spent_usd},
 * {@code turnout_budget_reserved_usd}, {@code turnout_budget_free_usd} and {@code
 * turnout_budget_price} by tenant. Safe for use by several threads.
 */
public final class BudgetFollower implements AutoCloseable {
  private final TopicFollower follower;
  private final LatestBudgets budgets;

  private BudgetFollower(TopicFollower follower, LatestBudgets budgets) {
    this.follower = follower;
    this.budgets = budgets;
  }

  /**
   * Starts to follow.
   *
   * @param topic the budgets topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param own this router's budgets
   * @param agreement told of every owner's word
   */
  public static BudgetFollower start(
      String topic,
      Map<String, ?> config,
      TenantBudgets own,
      BudgetAgreement agreement,
      MeterRegistry registry) {
    LatestBudgets budgets = new LatestBudgets(agreement);
    for (String tenant : own.byTenant().keySet()) {
      budgets.gauge(registry, "spent.usd", tenant, BudgetState::getSpentUsd);
      budgets.gauge(registry, "reserved.usd", tenant, BudgetState::getReservedUsd);
      budgets.gauge(registry, "free.usd", tenant, BudgetState::getFreeUsd);
      budgets.gauge(registry, "price", tenant, BudgetState::getPrice);
    }
    return new BudgetFollower(
        TopicFollower.start(topic, config, BudgetState.class, budgets), budgets);
  }

  /** Waits until the budgets that existed at the start are read; false when time ran out. */
  public boolean awaitCaughtUp(Duration deadline) throws InterruptedException {
    return follower.awaitCaughtUp(deadline);
  }

  /** A tenant's budget by its owner's last word; null before any. */
  public @Nullable BudgetView of(String tenant) {
    BudgetState state = budgets.latest.get(tenant);
    return state == null
        ? null
        : new BudgetView(state.getFreeUsd(), state.getPrice(), state.getAt());
  }

  @Override
  public void close() {
    follower.close();
  }

  private static final class LatestBudgets implements TopicListener<BudgetState> {
    private final BudgetAgreement agreement;
    private final Map<String, BudgetState> latest = new ConcurrentHashMap<>();

    LatestBudgets(BudgetAgreement agreement) {
      this.agreement = agreement;
    }

    private void gauge(
        MeterRegistry registry, String what, String tenant, ToDoubleFunction<BudgetState> value) {
      Gauge.builder(
              "turnout.budget." + what,
              () -> {
                BudgetState state = latest.get(tenant);
                return state == null ? Double.NaN : value.applyAsDouble(state);
              })
          .description("a tenant's budget by its owner's last word")
          .tag("tenant", tenant)
          .register(registry);
    }

    @Override
    public void read(BudgetState state) {
      latest.put(state.getTenant(), state);
      agreement.heard(state);
    }
  }
}
