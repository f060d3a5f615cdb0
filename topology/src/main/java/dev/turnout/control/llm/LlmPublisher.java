package dev.turnout.control.llm;

import dev.turnout.control.PublishingProducer;
import dev.turnout.schema.LlmProfile;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes LLM profiles: adding, draining, price changes and retiring are all just the latest
 * record of an id, effective on all routers without a restart. Every call returns after the broker
 * has acknowledged. Safe for use by several threads.
 */
public final class LlmPublisher implements AutoCloseable {
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Serializer<LlmProfile> serializer;

  private LlmPublisher(
      String topic, Producer<byte[], byte[]> producer, Serializer<LlmProfile> serializer) {
    this.topic = topic;
    this.producer = producer;
    this.serializer = serializer;
  }

  /**
   * Opens a publisher.
   *
   * @param topic the LLM profiles' topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static LlmPublisher open(String topic, Map<String, ?> config) {
    return new LlmPublisher(
        topic,
        PublishingProducer.open(config),
        AvroSerdes.of(LlmProfile.class, config).serializer());
  }

  /** Publishes the latest word on an LLM. */
  public void publish(LlmProfile profile) throws InterruptedException {
    send(profile.getId(), serializer.serialize(topic, profile));
  }

  /** Makes an LLM unknown; its topic stays, so that workers can finish what is in it. */
  public void retire(String id) throws InterruptedException {
    send(id, null);
  }

  private void send(String id, byte @Nullable [] value) throws InterruptedException {
    PublishingProducer.sendAndWait(
        producer,
        new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), value),
        "the profile of LLM " + id);
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
  }
}
