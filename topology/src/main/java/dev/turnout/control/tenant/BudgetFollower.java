package dev.turnout.control.tenant;

import dev.turnout.budget.BudgetView;
import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.control.TopicView;
import dev.turnout.schema.BudgetState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Follows the states of the tenants' accounts, which the ledgers publish. Reports {@code
 * turnout_budget_spent_usd}, {@code turnout_budget_reserved_usd}, {@code turnout_budget_free_usd}
 * and {@code turnout_budget_price} by tenant. Safe for use by several threads.
 */
public final class BudgetFollower extends TopicView {
  private final LatestStates states;

  private BudgetFollower(TopicFollower follower, LatestStates states) {
    super(follower);
    this.states = states;
  }

  /**
   * Starts to follow.
   *
   * @param topic the budgets topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static BudgetFollower start(String topic, Map<String, ?> config, MeterRegistry registry) {
    LatestStates states = new LatestStates(registry);
    return new BudgetFollower(
        TopicFollower.start(topic, config, BudgetState.class, states), states);
  }

  /** Whether any account is open. */
  public boolean any() {
    return !states.latest.isEmpty();
  }

  /** The latest state of a tenant's account; null before the first, and after it was closed. */
  public @Nullable BudgetView of(String tenant) {
    BudgetState state = states.latest.get(tenant);
    return state == null
        ? null
        : new BudgetView(state.getFreeUsd(), state.getPrice(), state.getAt());
  }

  /** Keeps the latest state of every open account. */
  static final class LatestStates implements TopicListener<BudgetState> {
    private final Map<String, BudgetState> latest = new ConcurrentHashMap<>();
    private final Map<MultiGauge, ToDoubleFunction<BudgetState>> gauges;

    LatestStates(MeterRegistry registry) {
      gauges =
          Map.of(
              gauge(registry, "spent.usd"), BudgetState::getSpentUsd,
              gauge(registry, "reserved.usd"), BudgetState::getReservedUsd,
              gauge(registry, "free.usd"), BudgetState::getFreeUsd,
              gauge(registry, "price"), BudgetState::getPrice);
    }

    private static MultiGauge gauge(MeterRegistry registry, String what) {
      return MultiGauge.builder("turnout.budget." + what)
          .description("the latest state of a tenant's account")
          .register(registry);
    }

    @Override
    public void read(BudgetState state) {
      if (!Double.isFinite(state.getFreeUsd()) || !Double.isFinite(state.getPrice())) {
        throw new IllegalArgumentException(
            "the account of tenant \""
                + state.getTenant()
                + "\" holds no finite number; the last state stays");
      }
      if (latest.put(state.getTenant(), state) == null) {
        registerRows();
      }
    }

    @Override
    public void readTombstone(@Nullable String tenant) {
      if (tenant != null && latest.remove(tenant) != null) {
        registerRows();
      }
    }

    private void registerRows() {
      gauges.forEach(
          (gauge, value) ->
              gauge.register(
                  latest.keySet().stream()
                      .map(
                          tenant ->
                              MultiGauge.Row.of(
                                  Tags.of("tenant", tenant), () -> valueOf(tenant, value)))
                      .toList()));
    }

    private double valueOf(String tenant, ToDoubleFunction<BudgetState> value) {
      BudgetState state = latest.get(tenant);
      return state == null ? Double.NaN : value.applyAsDouble(state);
    }
  }
}
