package dev.turnout.control.tenant;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.schema.Tenant;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one tenant's queries.
 *
 * @param budget what it may spend; null for as much as it likes
 * @param explorationFloor share of the choice spread evenly over all eligible LLMs, 0..1; null for
 *     the router's own
 */
public record TenantTerms(
    String tenant, @Nullable BudgetSettings budget, @Nullable Double explorationFloor) {

  /**
   * Reads a tenant's record.
   *
   * @throws IllegalArgumentException naming tenant, field and remedy if it cannot be
   */
  public static TenantTerms of(Tenant tenant) {
    String name = tenant.getTenant();
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "a tenant has no name; queries that name no tenant have neither budget nor floor of"
              + " their own");
    }
    Double rate = tenant.getBudgetUsdPerHour();
    Double burst = tenant.getBurstUsd();
    Double floor = tenant.getExplorationFloor();
    if (rate == null && burst != null) {
      throw refused(name, "a burst of " + burst + " USD without a budget", "--budget USD");
    }
    requireAmount(name, "a budget of " + rate + " USD an hour", rate, "--budget USD");
    requireAmount(name, "a burst of " + burst + " USD", burst, "--burst USD");
    if (floor != null && !(floor >= 0 && floor <= 1)) {
      throw refused(
          name,
          "an exploration floor of " + floor + ", which is no share from 0 to 1",
          "--exploration-floor SHARE");
    }
    requireSome(name, "requests a minute", tenant.getRequestsPerMinute(), "--requests-per-minute");
    requireSome(name, "tokens a minute", tenant.getTokensPerMinute(), "--tokens-per-minute");
    requireSome(name, "open requests", tenant.getConcurrency(), "--concurrency");
    return new TenantTerms(name, budget(rate, burst), floor);
  }

  private static @Nullable BudgetSettings budget(@Nullable Double rate, @Nullable Double burst) {
    if (rate == null) {
      return null;
    }
    return burst == null ? BudgetSettings.perHour(rate) : BudgetSettings.of(rate, burst);
  }

  private static void requireAmount(
      String tenant, String what, @Nullable Double usd, String remedy) {
    if (usd != null && !(usd > 0 && Double.isFinite(usd))) {
      throw refused(tenant, what + ", which is no finite amount above 0", remedy);
    }
  }

  private static void requireSome(
      String tenant, String what, @Nullable Number limit, String option) {
    if (limit != null && limit.longValue() < 1) {
      throw refused(
          tenant, "a limit of " + limit + " " + what + ", which leaves nothing", option + " N");
    }
  }

  private static IllegalArgumentException refused(String tenant, String what, String remedy) {
    return new IllegalArgumentException(
        "tenant \""
            + tenant
            + "\" has "
            + what
            + "; correct it with `turnout tenants set "
            + tenant
            + " "
            + remedy
            + "`");
  }
}
