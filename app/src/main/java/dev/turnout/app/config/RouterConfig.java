package dev.turnout.app.config;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.ledger.TenantBudgets;
import dev.turnout.router.GroupProtocol;
import dev.turnout.router.ProcessingGuarantee;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The router role; the words are those of {@link dev.turnout.router.RouterSettings}.
 *
 * @param explorationFloor NaN for the policy's own
 * @param pollRecords 0 fits it to the encoder's speed
 */
public record RouterConfig(
    String applicationId,
    Optional<String> id,
    ProcessingGuarantee guarantee,
    GroupProtocol groupProtocol,
    String policy,
    double costWeight,
    double latencyWeight,
    double explorationFloor,
    Map<String, Double> tenantExplorationFloors,
    TenantBudgets budgets,
    double thompsonTemper,
    double shadowShare,
    Optional<String> fallbackLlm,
    int maxTextBytes,
    int threads,
    int pollRecords,
    Duration transactionTimeout,
    Duration startDeadline,
    int threadReplacements,
    long seed) {

  /** Each partition of the queries gets its share of a burst, which must still pay for a query. */
  private static final double BURSTS_AN_HOUR = 10;

  public RouterConfig {
    tenantExplorationFloors = Map.copyOf(tenantExplorationFloors);
  }

  static RouterConfig from(ConfigValues values) {
    return new RouterConfig(
        values
            .optional("router.application-id")
            .orElseGet(() -> values.text("topics.prefix") + "-router"),
        values.optional("router.id"),
        values.text("router.guarantee").equals("exactly-once")
            ? ProcessingGuarantee.EXACTLY_ONCE
            : ProcessingGuarantee.AT_LEAST_ONCE,
        values.text("router.group-protocol").equals("classic")
            ? GroupProtocol.CLASSIC
            : GroupProtocol.STREAMS,
        values.text("router.policy"),
        values.number("router.cost-weight"),
        values.number("router.latency-weight"),
        values.optional("router.exploration-floor").map(Double::valueOf).orElse(Double.NaN),
        values.shares("router.tenant-exploration-floors"),
        budgets(values),
        values.number("router.thompson-temper"),
        values.number("router.shadow-share"),
        values.optional("router.fallback-llm"),
        values.whole("router.max-text-bytes"),
        values.whole("router.threads"),
        values.whole("router.poll-records"),
        values.duration("router.transaction-timeout"),
        values.duration("router.start-deadline"),
        values.whole("router.thread-replacements"),
        values.whole("router.seed"));
  }

  private static TenantBudgets budgets(ConfigValues values) {
    Map<String, Double> rates = values.amounts("router.tenant-budgets");
    Map<String, Double> bursts = values.amounts("router.tenant-bursts");
    for (String tenant : bursts.keySet()) {
      if (!rates.containsKey(tenant)) {
        values.report(
            "router.tenant-bursts",
            "tenant \"" + tenant + "\" has no budget; give it one in router.tenant-budgets");
      }
    }
    Map<String, BudgetSettings> budgets = new HashMap<>();
    rates.forEach(
        (tenant, usd) -> {
          BudgetSettings usual = BudgetSettings.perHour(usd);
          budgets.put(
              tenant,
              new BudgetSettings(
                  usd,
                  bursts.getOrDefault(tenant, usd / BURSTS_AN_HOUR),
                  usual.stepSize(),
                  usual.maxPrice()));
        });
    Duration window = values.duration("router.budget-window");
    if (window.isZero()) {
      values.report("router.budget-window", "must be longer than nothing");
      return TenantBudgets.of(budgets);
    }
    return new TenantBudgets(budgets, window);
  }
}
