package dev.turnout.control.llm;

import dev.turnout.control.KeyedPublisher;
import dev.turnout.schema.LlmProfile;
import java.util.Map;

/**
 * Publishes LLM profiles: adding, draining, price changes and retiring are all just the latest
 * record of an id, effective on all routers without a restart. Every call returns after the broker
 * has acknowledged. Safe for use by several threads.
 */
public final class LlmPublisher implements AutoCloseable {
  private final KeyedPublisher<LlmProfile> profiles;

  private LlmPublisher(KeyedPublisher<LlmProfile> profiles) {
    this.profiles = profiles;
  }

  /**
   * Opens a publisher.
   *
   * @param topic the LLM profiles' topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static LlmPublisher open(String topic, Map<String, ?> config) {
    return new LlmPublisher(new KeyedPublisher<>(topic, config, LlmProfile.class));
  }

  /** Publishes an LLM's profile in place of the one before. */
  public void publish(LlmProfile profile) throws InterruptedException {
    profiles.publish(profile.getId(), profile, "the profile of LLM " + profile.getId());
  }

  /** Makes an LLM unknown; its topic stays, so that workers can finish what is in it. */
  public void retire(String id) throws InterruptedException {
    profiles.publish(id, null, "the profile of LLM " + id);
  }

  @Override
  public void close() {
    profiles.close();
  }
}
