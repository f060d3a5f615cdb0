package dev.turnout.ledger;

import dev.turnout.budget.BudgetSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants have a budget. All routers of one application id must agree on them.
 *
 * @param byTenant budgets; a tenant that is not named spends as it likes
 * @param inFlightWindow a reservation whose outcome has not come after this long is released
 */
public record TenantBudgets(Map<String, BudgetSettings> byTenant, Duration inFlightWindow) {
  private static final Duration USUAL_WINDOW = Duration.ofMinutes(2);

  public TenantBudgets {
    byTenant = Map.copyOf(byTenant);
    if (inFlightWindow.isNegative() || inFlightWindow.isZero()) {
      throw new IllegalArgumentException(
          "the budgets' in-flight window must be positive, but is " + inFlightWindow);
    }
  }

  /** Nobody has a budget. */
  public static TenantBudgets none() {
    return of(Map.of());
  }

  /** Budgets with the usual in-flight window of two minutes. */
  public static TenantBudgets of(Map<String, BudgetSettings> byTenant) {
    return new TenantBudgets(byTenant, USUAL_WINDOW);
  }

  /** What tells these budgets from others; equal budgets have equal digests on every machine. */
  public String digest() {
    StringBuilder all = new StringBuilder(inFlightWindow.toString());
    new TreeMap<>(byTenant)
        .forEach((tenant, budget) -> all.append('\n').append(tenant).append('=').append(budget));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime knows SHA-256", e);
    }
  }

  public boolean isEmpty() {
    return byTenant.isEmpty();
  }

  /** A tenant's budget; null when it has none. */
  public @Nullable BudgetSettings find(String tenant) {
    return byTenant.get(tenant);
  }
}
