package dev.turnout.control.llm;

import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.LlmProfile;
import dev.turnout.serde.AvroSerdes;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes LLM profiles: adding, draining, price changes and retiring are all just the latest
 * record of an id, effective on all routers without a restart. Every call returns after the broker
 * has acknowledged. Safe for use by several threads.
 */
public final class LlmPublisher implements AutoCloseable {
  private final String topic;
  private final RecordSender sender;
  private final Serializer<LlmProfile> serializer;

  private LlmPublisher(String topic, RecordSender sender, Serializer<LlmProfile> serializer) {
    this.topic = topic;
    this.sender = sender;
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
        RecordSender.open(config, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0)),
        AvroSerdes.of(LlmProfile.class, config).serializer());
  }

  /** Publishes the latest word on an LLM. */
  public void publish(LlmProfile profile) throws InterruptedException {
    send(profile.getId(), profile);
  }

  /** Makes an LLM unknown; its topic stays, so that workers can finish what is in it. */
  public void retire(String id) throws InterruptedException {
    send(id, null);
  }

  private void send(String id, @Nullable LlmProfile profile) throws InterruptedException {
    RecordSender.await(sender.send(topic, id, serializer, profile), "the profile of LLM " + id);
  }

  @Override
  public void close() {
    sender.close();
    serializer.close();
  }
}
