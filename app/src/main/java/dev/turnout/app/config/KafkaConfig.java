package dev.turnout.app.config;

import java.util.HashMap;
import java.util.Map;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers host:port, several with commas
 * @param further any Kafka client settings, e.g. {@code security.protocol}
 */
public record KafkaConfig(String bootstrapServers, Map<String, String> further) {
  public KafkaConfig {
    further = Map.copyOf(further);
  }

  static KafkaConfig from(ConfigValues values) {
    return new KafkaConfig(values.text("kafka.bootstrap.servers"), values.further("kafka"));
  }

  /** The settings as Kafka's own clients take them. */
  public Map<String, Object> clientSettings() {
    Map<String, Object> settings = new HashMap<>(further);
    settings.put("bootstrap.servers", bootstrapServers);
    return settings;
  }

  /** Names only: the further settings may hold passwords. */
  @Override
  public String toString() {
    return "KafkaConfig[" + bootstrapServers + ", " + further.keySet() + "]";
  }
}
