package dev.turnout.control.tenant;

import dev.turnout.control.KeyedPublisher;
import dev.turnout.schema.Tenant;
import java.util.Map;

/**
 * Publishes tenants: the latest record of a tenant holds on all routers without a restart. Every
 * call returns after the broker has acknowledged. Safe for use by several threads.
 */
public final class TenantPublisher implements AutoCloseable {
  private final KeyedPublisher<Tenant> tenants;

  private TenantPublisher(KeyedPublisher<Tenant> tenants) {
    this.tenants = tenants;
  }

  /**
   * Opens a publisher.
   *
   * @param topic the tenants topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static TenantPublisher open(String topic, Map<String, ?> config) {
    return new TenantPublisher(new KeyedPublisher<>(topic, config, Tenant.class));
  }

  /**
   * Publishes what holds for a tenant from now on.
   *
   * @throws IllegalArgumentException if routers would refuse it
   */
  public void publish(Tenant tenant) throws InterruptedException {
    TenantTerms.of(tenant);
    tenants.publish(tenant.getTenant(), tenant, "tenant " + tenant.getTenant());
  }

  /** From now on nothing of its own holds for a tenant, and its account is closed. */
  public void remove(String tenant) throws InterruptedException {
    tenants.publish(tenant, null, "tenant " + tenant);
  }

  @Override
  public void close() {
    tenants.close();
  }
}
