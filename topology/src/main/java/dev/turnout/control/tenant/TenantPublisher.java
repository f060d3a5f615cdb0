package dev.turnout.control.tenant;

import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes tenants: the latest record of a tenant holds on all routers without a restart. Every
 * call returns after the broker has acknowledged. Safe for use by several threads.
 */
public final class TenantPublisher implements AutoCloseable {
  private final String topic;
  private final RecordSender sender;
  private final Serializer<Tenant> serializer;

  private TenantPublisher(String topic, RecordSender sender, Serializer<Tenant> serializer) {
    this.topic = topic;
    this.sender = sender;
    this.serializer = serializer;
  }

  /**
   * Opens a publisher.
   *
   * @param topic the tenants topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static TenantPublisher open(String topic, Map<String, ?> config) {
    return new TenantPublisher(
        topic,
        RecordSender.open(config, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0)),
        AvroSerdes.of(Tenant.class, config).serializer());
  }

  /**
   * Publishes what holds for a tenant from now on.
   *
   * @throws IllegalArgumentException if routers would refuse it
   */
  public void publish(Tenant tenant) throws InterruptedException {
    TenantTerms.of(tenant);
    send(tenant.getTenant(), tenant);
  }

  /** From now on nothing of its own holds for a tenant, and its account is closed. */
  public void remove(String tenant) throws InterruptedException {
    send(tenant, null);
  }

  private void send(String name, @Nullable Tenant tenant) throws InterruptedException {
    RecordSender.await(sender.send(topic, name, serializer, tenant), "tenant " + name);
  }

  @Override
  public void close() {
    sender.close();
    serializer.close();
  }
}
