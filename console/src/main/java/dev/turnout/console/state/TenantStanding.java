package dev.turnout.console.state;

import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as it stands now.
 *
 * @param terms what was set for it; null for nothing
 * @param account what it spends; null for one without a budget
 * @param keys its keys, without secrets, in the order of their ids
 */
public record TenantStanding(
    String name, @Nullable Tenant terms, @Nullable BudgetState account, List<ApiKey> keys) {

  /** Freezes the keys. */
  public TenantStanding {
    keys = List.copyOf(keys);
  }

  /** Everybody that is named anywhere, in the order of their names. */
  static List<TenantStanding> of(
      Map<String, Tenant> terms, Map<String, BudgetState> accounts, Collection<ApiKey> keys) {
    Map<String, List<ApiKey>> byTenant = new TreeMap<>();
    keys.stream()
        .sorted((one, other) -> one.getId().compareTo(other.getId()))
        .forEach(
            key -> byTenant.computeIfAbsent(key.getTenant(), name -> new ArrayList<>()).add(key));
    TreeSet<String> names = new TreeSet<>(terms.keySet());
    names.addAll(accounts.keySet());
    names.addAll(byTenant.keySet());
    return names.stream()
        .map(
            name ->
                new TenantStanding(
                    name,
                    terms.get(name),
                    accounts.get(name),
                    byTenant.getOrDefault(name, List.of())))
        .toList();
  }
}
