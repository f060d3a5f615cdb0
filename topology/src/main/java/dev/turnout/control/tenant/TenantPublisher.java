package dev.turnout.control.tenant;

import dev.turnout.control.PublishingProducer;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes tenants: the latest record of a tenant holds on all routers without a restart. Every
 * call returns after the broker has acknowledged. Safe for use by several threads.
 */
public final class TenantPublisher implements AutoCloseable {
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Serializer<Tenant> serializer;

  private TenantPublisher(
      String topic, Producer<byte[], byte[]> producer, Serializer<Tenant> serializer) {
    this.topic = topic;
    this.producer = producer;
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
        topic, PublishingProducer.open(config), AvroSerdes.of(Tenant.class, config).serializer());
  }

  /**
   * Publishes what holds for a tenant from now on.
   *
   * @throws IllegalArgumentException if routers would refuse it
   */
  public void publish(Tenant tenant) throws InterruptedException {
    TenantTerms.of(tenant);
    send(tenant.getTenant(), serializer.serialize(topic, tenant));
  }

  /** From now on nothing of its own holds for a tenant, and its account is closed. */
  public void remove(String tenant) throws InterruptedException {
    send(tenant, null);
  }

  private void send(String tenant, byte @Nullable [] value) throws InterruptedException {
    PublishingProducer.sendAndWait(
        producer,
        new ProducerRecord<>(topic, tenant.getBytes(StandardCharsets.UTF_8), value),
        "tenant " + tenant);
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
  }
}
