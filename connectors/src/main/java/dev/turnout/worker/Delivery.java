package dev.turnout.worker;

/** How the workers of one LLM divide its requests among themselves. */
public enum Delivery {
  /**
   * A Kafka share group: any number of workers whatever the number of partitions, each request
   * acknowledged by itself, so that a slow answer holds back nobody else's request.
   */
  SHARE_GROUP,
  /** A consumer group, for brokers without share groups: at most one worker a partition. */
  CONSUMER_GROUP
}
