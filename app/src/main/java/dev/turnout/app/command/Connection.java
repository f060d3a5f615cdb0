package dev.turnout.app.command;

import dev.turnout.app.kafka.LlmProfiles;
import dev.turnout.app.kafka.ModelHistory;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.Map;

/**
 * How a command reaches a running installation.
 *
 * @param client Kafka client settings
 * @param serde serialiser settings
 */
public record Connection(
    Map<String, Object> client,
    Map<String, Object> serde,
    TopicCatalogue topics,
    short replication) {

  public Connection {
    client = Map.copyOf(client);
    serde = Map.copyOf(serde);
  }

  /** Client and serialiser settings together. */
  public Map<String, Object> settings() {
    Map<String, Object> all = new HashMap<>(client);
    all.putAll(serde);
    return all;
  }

  /** The LLMs at this moment, by id. */
  public Map<String, LlmProfile> profiles() {
    return LlmProfiles.read(topics.llms(), client, serde);
  }

  /** What the models topic says at this moment. */
  public ModelHistory models() {
    return ModelHistory.read(topics.models(), client, serde);
  }

  public LlmPublisher llmPublisher() {
    return LlmPublisher.open(topics.llms(), settings());
  }

  public ModelPublisher modelPublisher() {
    return ModelPublisher.open(topics.models(), settings());
  }

  public String bootstrapServers() {
    return String.valueOf(client.get("bootstrap.servers"));
  }
}
