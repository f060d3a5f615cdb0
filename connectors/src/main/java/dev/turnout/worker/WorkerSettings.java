package dev.turnout.worker;

import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * How to run a pool of workers for one LLM.
 *
 * @param llm the LLM's id, as in the router's model
 * @param topics the installation's topics
 * @param kafka Kafka client settings, at least {@code bootstrap.servers}
 * @param serde registry and serde settings, at least {@code schema.registry.url}
 * @param delivery share group or consumer group
 * @param groupId name of the group; all workers of one LLM share it
 * @param workerId written into every outcome
 * @param consumers consumers (and threads) in this process, at least 1
 * @param concurrency requests in flight per consumer, at least 1; a consumer takes its next
 *     requests when all it holds are answered
 * @param maxDeliveries deliveries after which a request counts as failed and is dead-lettered; must
 *     not be above the broker's group.share.delivery.count.limit, 5 unless changed, beyond which
 *     the broker drops the request silently
 * @param retryDelay pause before a failed request is given back, growing with each delivery
 * @param grace how long a closing worker waits for answers under way
 */
public record WorkerSettings(
    String llm,
    TopicCatalogue topics,
    Map<String, Object> kafka,
    Map<String, Object> serde,
    Delivery delivery,
    String groupId,
    String workerId,
    int consumers,
    int concurrency,
    int maxDeliveries,
    Duration retryDelay,
    Duration grace) {

  /** Freezes the maps and checks the numbers. */
  public WorkerSettings {
    kafka = Map.copyOf(kafka);
    serde = Map.copyOf(serde);
    requireAtLeastOne("consumers", consumers);
    requireAtLeastOne("concurrency", concurrency);
    requireAtLeastOne("maxDeliveries", maxDeliveries);
  }

  private static void requireAtLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "worker " + name + " is " + value + "; it must be at least 1");
    }
  }

  /**
   * Starts from the defaults: a share group named after the request topic, one consumer with 8
   * requests in flight, 5 deliveries, 1 s retry delay, 10 s grace.
   */
  public static Builder builder(
      String llm, TopicCatalogue topics, Map<String, Object> kafka, Map<String, Object> serde) {
    return new Builder(llm, topics, kafka, serde);
  }

  /** Name of the topic the requests come from. */
  String requestTopic() {
    return topics.requests(llm);
  }

  /** Without the client settings, which may hold passwords. */
  @Override
  public String toString() {
    return "WorkerSettings[" + llm + ", " + delivery + " " + groupId + ", " + workerId + "]";
  }

  /** Collects settings; what is not set keeps its default. */
  public static final class Builder {
    private final String llm;
    private final TopicCatalogue topics;
    private final Map<String, Object> kafka;
    private final Map<String, Object> serde;
    private Delivery delivery = Delivery.SHARE_GROUP;
    private String workerId = "worker-" + UUID.randomUUID().toString().substring(0, 8);
    private int consumers = 1;
    private int concurrency = 8;
    private int maxDeliveries = 5;
    private Duration retryDelay = Duration.ofSeconds(1);

    private Builder(
        String llm, TopicCatalogue topics, Map<String, Object> kafka, Map<String, Object> serde) {
      this.llm = llm;
      this.topics = topics;
      this.kafka = kafka;
      this.serde = serde;
    }

    public Builder delivery(Delivery value) {
      delivery = value;
      return this;
    }

    public Builder workerId(String value) {
      workerId = value;
      return this;
    }

    public Builder consumers(int value) {
      consumers = value;
      return this;
    }

    public Builder concurrency(int value) {
      concurrency = value;
      return this;
    }

    public Builder maxDeliveries(int value) {
      maxDeliveries = value;
      return this;
    }

    public Builder retryDelay(Duration value) {
      retryDelay = value;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public WorkerSettings build() {
      return new WorkerSettings(
          llm,
          topics,
          kafka,
          serde,
          delivery,
          topics.prefix() + "workers." + TopicCatalogue.sanitise(llm),
          workerId,
          consumers,
          concurrency,
          maxDeliveries,
          retryDelay,
          Duration.ofSeconds(10));
    }
  }
}
