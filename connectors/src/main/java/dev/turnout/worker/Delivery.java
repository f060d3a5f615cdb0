package dev.turnout.worker;

import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;

/** How the workers of one LLM divide its requests among themselves. */
public enum Delivery {
  /**
   * A Kafka share group: any number of workers whatever the number of partitions, each request
   * acknowledged by itself, so that a slow answer holds back nobody else's request.
   */
  SHARE_GROUP,
  /** A consumer group, for brokers without share groups: at most one worker a partition. */
  CONSUMER_GROUP;

  /** The one of the two that this is not. */
  Delivery other() {
    return this == SHARE_GROUP ? CONSUMER_GROUP : SHARE_GROUP;
  }

  /** Name of the group of an LLM's workers. */
  String group(TopicCatalogue topics, String llm) {
    return this == SHARE_GROUP
        ? GroupNames.shareWorkers(topics, llm)
        : GroupNames.consumerWorkers(topics, llm);
  }
}
