package dev.turnout.worker.failover;

import dev.turnout.topic.TopicCatalogue;
import java.util.Map;

/**
 * Which worker this is, and how it reaches Kafka.
 *
 * @param llm the LLM that it asks
 * @param worker its id
 * @param slots requests that it takes at a time
 * @param kafka settings of Kafka clients
 * @param serde settings of serdes
 */
public record WorkerPlace(
    String llm,
    String worker,
    int slots,
    TopicCatalogue topics,
    Map<String, ?> kafka,
    Map<String, ?> serde) {}
