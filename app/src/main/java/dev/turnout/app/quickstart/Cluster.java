package dev.turnout.app.quickstart;

import dev.turnout.app.kafka.TopicCreation;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An embedded broker with a schema registry, and how clients reach them. */
public final class Cluster implements AutoCloseable {

  private final EmbeddedBroker broker;
  private final InProcessRegistry registry;

  private Cluster(EmbeddedBroker broker, InProcessRegistry registry) {
    this.broker = broker;
    this.registry = registry;
  }

  /**
   * Starts both on the wanted ports, or on free ones where these are taken.
   *
   * @param port wanted port of the broker, 0 for any
   * @param registryPort wanted port of the registry, 0 for any
   */
  public static Cluster start(int port, int registryPort) {
    InProcessRegistry registry = InProcessRegistry.start(orFree(registryPort), null);
    try {
      return new Cluster(
          EmbeddedBroker.start(new EmbeddedBroker.Settings(null, orFree(port), Map.of())),
          registry);
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** The port if nothing listens on it, else 0, which takes a free one. */
  static int orFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName("localhost"), port));
      return port;
    } catch (IOException taken) {
      return 0;
    }
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  public String registryUrl() {
    return registry.url();
  }

  public Map<String, Object> clientSettings() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  public Map<String, Object> serdeSettings() {
    return Map.of("schema.registry.url", registry.url());
  }

  /** Client and serialiser settings together. */
  public Map<String, Object> settings() {
    Map<String, Object> all = new HashMap<>(clientSettings());
    all.putAll(serdeSettings());
    return all;
  }

  /** The texts by which a role's settings lead here, for the caller to add to. */
  public Map<String, String> texts(TopicCatalogue topics) {
    Map<String, String> texts =
        ConnectionSettings.texts(broker.bootstrapServers(), registry.url(), topics);
    texts.put("topics.replication", "1");
    return texts;
  }

  /** Creates all topics, those of the LLMs' requests among them, and publishes the LLMs. */
  public void prepare(TopicCatalogue topics, List<LlmProfile> llms) throws InterruptedException {
    ConnectionSettings connection = ConnectionSettings.from(SettingValues.of(texts(topics)));
    TopicCreation.Created unusedTopics = TopicCreation.create(connection);
    TopicCreation.Created unusedRequests =
        TopicCreation.createRequests(connection, llms.stream().map(LlmProfile::getId).toList());
    try (LlmPublisher publisher = LlmPublisher.open(topics.llms(), settings())) {
      for (LlmProfile llm : llms) {
        publisher.publish(llm);
      }
    }
  }

  /** Publishes a model that serves from then on. */
  public void publish(TopicCatalogue topics, RouterModel model, String reason)
      throws InterruptedException {
    try (ModelPublisher models = ModelPublisher.open(topics.models(), settings())) {
      models.publish(model, null, reason);
    }
  }

  @Override
  public void close() {
    broker.close();
    registry.close();
  }
}
