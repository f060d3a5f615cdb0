package dev.turnout.gateway.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The allowances of all keys and tenants at this gateway. Each gateway counts for itself: n of them
 * let n times as much through. Safe for use by several threads.
 *
 * <p>There is an allowance only for who has a limit, so that memory is bounded by the number of
 * keys and tenants that people made, not by what clients name.
 */
public final class Allowances {
  private final Map<String, CallAllowance> keys = new ConcurrentHashMap<>();
  private final Map<String, CallAllowance> tenants = new ConcurrentHashMap<>();
  private final LongSupplier clock;

  /**
   * @param clock milliseconds of any origin that do not go back
   */
  public Allowances(LongSupplier clock) {
    this.clock = clock;
  }

  /** Lets a request in, if its key and its tenant leave room for it. */
  public Admission enter(String key, TrafficLimits ofKey, String tenant, TrafficLimits ofTenant) {
    List<Lease.Share> shares = new ArrayList<>(2);
    if (!ofKey.isNone()) {
      shares.add(share(keys, key, "key", ofKey));
    }
    if (!ofTenant.isNone()) {
      shares.add(share(tenants, tenant, "tenant", ofTenant));
    }
    return Lease.enter(shares, clock);
  }

  private static Lease.Share share(
      Map<String, CallAllowance> all, String name, String what, TrafficLimits limits) {
    return new Lease.Share(
        all.computeIfAbsent(name, each -> new CallAllowance(what + " \"" + each + "\"")), limits);
  }

  /** Forgets the keys that are no more. */
  public void retainKeys(Set<String> present) {
    keys.keySet().retainAll(present);
  }

  /** Forgets the tenants that have no limits any more. */
  public void retainTenants(Set<String> present) {
    tenants.keySet().retainAll(present);
  }
}
