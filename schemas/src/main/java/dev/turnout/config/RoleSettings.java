package dev.turnout.config;

import dev.turnout.topic.TopicCatalogue;
import java.util.List;
import java.util.Map;

/** What the settings of all roles share: the installation that the role belongs to. */
public interface RoleSettings {

  ConnectionSettings connection();

  /** Names of all topics. */
  default TopicCatalogue topics() {
    return connection().topics();
  }

  /** Names of the topics that must exist before the role starts. */
  List<String> requiredTopics();

  /** Settings passed through to all Kafka clients; they win over ours. */
  default Map<String, Object> kafka() {
    return connection().kafka();
  }

  /** Settings of the Avro serdes and the schema registry. */
  default Map<String, Object> serde() {
    return connection().registry();
  }

  /** The brokers, as {@code host:port,…}. */
  default String bootstrapServers() {
    return connection().bootstrapServers();
  }
}
