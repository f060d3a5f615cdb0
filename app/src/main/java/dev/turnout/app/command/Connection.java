package dev.turnout.app.command;

import dev.turnout.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.Map;

/**
 * How a command reaches a running installation.
 *
 * @param client Kafka client settings
 * @param serde serialiser settings
 */
record Connection(
    Map<String, Object> client,
    Map<String, Object> serde,
    TopicCatalogue topics,
    short replication) {

  Connection {
    client = Map.copyOf(client);
    serde = Map.copyOf(serde);
  }

  /** Client and serialiser settings together. */
  Map<String, Object> settings() {
    Map<String, Object> all = new HashMap<>(client);
    all.putAll(serde);
    return all;
  }

  String bootstrapServers() {
    return String.valueOf(client.get("bootstrap.servers"));
  }
}
