package dev.turnout.app.command.tenant;

import dev.turnout.app.console.TextTable;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Tenant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tenants list} says.
 *
 * @param states the tenants' accounts as last told
 */
record TenantListing(Collection<Tenant> tenants, Map<String, BudgetState> states) {

  String text() {
    TextTable table =
        new TextTable(
            "tenant",
            ">$/hour",
            ">burst $",
            ">floor",
            ">spent $",
            ">free $",
            ">requests/min",
            ">tokens/min",
            ">open");
    for (Tenant tenant : tenants) {
      BudgetState state = states.get(tenant.getTenant());
      table.row(
          tenant.getTenant(),
          orDash(tenant.getBudgetUsdPerHour()),
          orDash(tenant.getBurstUsd()),
          orDash(tenant.getExplorationFloor()),
          state == null ? "-" : String.format(Locale.ROOT, "%.4f", state.getSpentUsd()),
          state == null ? "-" : String.format(Locale.ROOT, "%.4f", state.getFreeUsd()),
          orDash(tenant.getRequestsPerMinute()),
          orDash(tenant.getTokensPerMinute()),
          orDash(tenant.getConcurrency()));
    }
    return table.text();
  }

  Map<String, ?> json() {
    return Map.of("tenants", tenants.stream().map(this::json).toList());
  }

  private Map<String, @Nullable Object> json(Tenant tenant) {
    BudgetState state = states.get(tenant.getTenant());
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("tenant", tenant.getTenant());
    object.put("budget_usd_per_hour", tenant.getBudgetUsdPerHour());
    object.put("burst_usd", tenant.getBurstUsd());
    object.put("exploration_floor", tenant.getExplorationFloor());
    object.put("spent_usd", state == null ? null : state.getSpentUsd());
    object.put("reserved_usd", state == null ? null : state.getReservedUsd());
    object.put("free_usd", state == null ? null : state.getFreeUsd());
    object.put("requests_per_minute", tenant.getRequestsPerMinute());
    object.put("tokens_per_minute", tenant.getTokensPerMinute());
    object.put("concurrency", tenant.getConcurrency());
    object.put("updated_at", tenant.getUpdatedAt().toString());
    return object;
  }

  /** What holds for a tenant, in one line. */
  static String words(Tenant tenant) {
    Double rate = tenant.getBudgetUsdPerHour();
    Double burst = tenant.getBurstUsd();
    Double floor = tenant.getExplorationFloor();
    String budget = rate == null ? "no budget" : rate + " USD an hour";
    if (rate != null) {
      budget += burst == null ? ", six minutes' worth at once" : ", " + burst + " USD at once";
    }
    return budget
        + (floor == null ? "; the routers' own exploration floor" : "; exploration floor " + floor)
        + limit(tenant.getRequestsPerMinute(), "requests a minute")
        + limit(tenant.getTokensPerMinute(), "tokens a minute")
        + limit(tenant.getConcurrency(), "open requests");
  }

  private static String limit(@Nullable Number limit, String what) {
    return limit == null ? "" : "; at most " + limit + " " + what;
  }

  private static String orDash(@Nullable Number value) {
    return value == null ? "-" : value.toString();
  }
}
