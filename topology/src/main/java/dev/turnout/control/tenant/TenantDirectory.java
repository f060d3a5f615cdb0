package dev.turnout.control.tenant;

import dev.turnout.budget.BudgetSettings;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tenants for which something else holds than for all others. Immutable; a tenant that is not
 * named spends as it likes and explores as the router does.
 */
public final class TenantDirectory {
  private static final TenantDirectory EMPTY = new TenantDirectory(Map.of());

  private final Map<String, TenantTerms> tenants;

  private TenantDirectory(Map<String, TenantTerms> tenants) {
    this.tenants = tenants;
  }

  /** A directory without tenants. */
  public static TenantDirectory empty() {
    return EMPTY;
  }

  /** A directory of these tenants. */
  public static TenantDirectory of(Collection<TenantTerms> tenants) {
    return new TenantDirectory(
        tenants.stream()
            .collect(Collectors.toUnmodifiableMap(TenantTerms::tenant, Function.identity())));
  }

  /** A tenant's budget; null when it has none. */
  public @Nullable BudgetSettings budgetOf(String tenant) {
    TenantTerms terms = tenants.get(tenant);
    return terms == null ? null : terms.budget();
  }

  /**
   * The floor of a tenant's exploration.
   *
   * @param otherwise for a tenant without one of its own
   */
  public double explorationFloorOf(String tenant, double otherwise) {
    TenantTerms terms = tenants.get(tenant);
    Double floor = terms == null ? null : terms.explorationFloor();
    return floor == null ? otherwise : floor;
  }

  /** Whether any tenant has a budget. */
  public boolean anyBudget() {
    return tenants.values().stream().anyMatch(terms -> terms.budget() != null);
  }
}
