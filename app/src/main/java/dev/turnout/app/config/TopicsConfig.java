package dev.turnout.app.config;

import dev.turnout.topic.TopicCatalogue;

/**
 * Names and creation of topics.
 *
 * @param prefix first word of every topic's name
 * @param partitions of the topics that carry traffic
 * @param replication copies of each topic that is created
 * @param create whether missing topics are created at start
 */
public record TopicsConfig(String prefix, int partitions, short replication, boolean create) {
  static TopicsConfig from(ConfigValues values) {
    return new TopicsConfig(
        values.text("topics.prefix"),
        values.whole("topics.partitions"),
        (short) values.whole("topics.replication"),
        values.flag("topics.create"));
  }

  /** The topics under these names. */
  public TopicCatalogue catalogue() {
    return TopicCatalogue.withPrefix(prefix).withPartitions(partitions);
  }
}
