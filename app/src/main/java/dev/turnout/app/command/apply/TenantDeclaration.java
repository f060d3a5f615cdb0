package dev.turnout.app.command.apply;

import dev.turnout.control.tenant.TenantTerms;
import dev.turnout.schema.Tenant;
import java.time.Instant;

/** A tenant as declared: what no field names does not hold for it. */
record TenantDeclaration(Declaration from, Tenant said) {
  static final String KIND = "Tenant";

  static TenantDeclaration read(Declaration from) {
    Tenant.Builder tenant =
        Tenant.newBuilder()
            .setTenant(from.required("tenant"))
            .setBudgetUsdPerHour(from.positive("budget_usd_per_hour"))
            .setBurstUsd(from.positive("burst_usd"))
            .setExplorationFloor(
                from.number("exploration_floor", 0, 1, "a share, 0 or more and 1 or less"))
            .setRequestsPerMinute(from.whole("requests_per_minute", Long.MAX_VALUE))
            .setTokensPerMinute(from.whole("tokens_per_minute", Long.MAX_VALUE))
            .setUpdatedAt(Instant.EPOCH);
    Long concurrency = from.whole("concurrency", Integer.MAX_VALUE);
    Tenant said =
        tenant.setConcurrency(concurrency == null ? null : concurrency.intValue()).build();
    if (said.getBudgetUsdPerHour() == null && said.getBurstUsd() != null) {
      from.refuse("burst_usd", "needs a budget; add budget_usd_per_hour, or leave it out");
    } else if (!from.hasRefused()) {
      TenantTerms unusedChecked = TenantTerms.of(said);
    }
    return new TenantDeclaration(from, said);
  }
}
