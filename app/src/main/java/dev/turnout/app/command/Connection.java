package dev.turnout.app.command;

import dev.turnout.app.kafka.LlmProfiles;
import dev.turnout.app.kafka.ModelHistory;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import java.util.Map;

/** How a command reaches a running installation. */
record Connection(ConnectionSettings installation) {

  Map<String, Object> client() {
    return installation.kafka();
  }

  Map<String, Object> serde() {
    return installation.registry();
  }

  TopicCatalogue topics() {
    return installation.topics();
  }

  short replication() {
    return installation.replication();
  }

  /** Client and serialiser settings together. */
  Map<String, Object> settings() {
    return installation.clients();
  }

  /** The LLMs at this moment, by id. */
  Map<String, LlmProfile> profiles() {
    return LlmProfiles.read(
        installation.topics().llms(), installation.kafka(), installation.registry());
  }

  /** What the models topic says at this moment. */
  ModelHistory models() {
    return ModelHistory.read(
        installation.topics().models(), installation.kafka(), installation.registry());
  }

  LlmPublisher llmPublisher() {
    return LlmPublisher.open(installation.topics().llms(), installation.clients());
  }

  ModelPublisher modelPublisher() {
    return ModelPublisher.open(installation.topics().models(), installation.clients());
  }

  String bootstrapServers() {
    return installation.bootstrapServers();
  }
}
