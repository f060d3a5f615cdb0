package dev.turnout.app.quickstart;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/** The embedded broker and registry of a quickstart, and how clients reach them. */
final class Cluster implements AutoCloseable {

  private final EmbeddedBroker broker;
  private final InProcessRegistry registry;

  private Cluster(EmbeddedBroker broker, InProcessRegistry registry) {
    this.broker = broker;
    this.registry = registry;
  }

  /**
   * Starts both on the wished ports, or on free ones where these are taken.
   *
   * @param port wished port of the broker, 0 for any
   * @param registryPort wished port of the registry, 0 for any
   */
  static Cluster start(int port, int registryPort) {
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

  private static int orFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName("localhost"), port));
      return port;
    } catch (IOException taken) {
      return 0;
    }
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  String registryUrl() {
    return registry.url();
  }

  Map<String, Object> clientSettings() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  Map<String, Object> serdeSettings() {
    return Map.of("schema.registry.url", registry.url());
  }

  /** Client and serialiser settings together. */
  Map<String, Object> settings() {
    Map<String, Object> all = new HashMap<>(clientSettings());
    all.putAll(serdeSettings());
    return all;
  }

  /** The texts by which a role's settings lead here, for the caller to add to. */
  Map<String, String> texts(TopicCatalogue topics) {
    Map<String, String> texts =
        ConnectionSettings.texts(broker.bootstrapServers(), registry.url(), topics);
    texts.put("topics.replication", "1");
    return texts;
  }

  @Override
  public void close() {
    broker.close();
    registry.close();
  }
}
