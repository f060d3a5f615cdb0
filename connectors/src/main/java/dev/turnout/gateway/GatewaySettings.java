package dev.turnout.gateway;

import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How to run the gateway.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param topics the installation's topics
 * @param kafka Kafka client settings, at least {@code bootstrap.servers}
 * @param serde registry and serde settings, at least {@code schema.registry.url}
 * @param timeout longest wait for an answer; also the query's deadline
 * @param tokens bearer tokens that may ask; empty lets everyone in
 * @param memory how far back decisions are read at the start, so that they can be asked for
 * @param mostRemembered largest number of decisions kept
 */
public record GatewaySettings(
    String host,
    int port,
    TopicCatalogue topics,
    Map<String, Object> kafka,
    Map<String, Object> serde,
    Duration timeout,
    List<String> tokens,
    Duration memory,
    int mostRemembered) {

  /** Freezes the collections. */
  public GatewaySettings {
    kafka = Map.copyOf(kafka);
    serde = Map.copyOf(serde);
    tokens = List.copyOf(tokens);
  }

  /** Defaults: localhost, 2 minutes, everyone, 10 minutes and 10,000 decisions of memory. */
  public static GatewaySettings of(
      int port, TopicCatalogue topics, Map<String, Object> kafka, Map<String, Object> serde) {
    return new GatewaySettings(
        "localhost",
        port,
        topics,
        kafka,
        serde,
        Duration.ofMinutes(2),
        List.of(),
        Duration.ofMinutes(10),
        10_000);
  }

  /** The same with another address, timeout and tokens. */
  public GatewaySettings with(String newHost, Duration newTimeout, List<String> newTokens) {
    return new GatewaySettings(
        newHost, port, topics, kafka, serde, newTimeout, newTokens, memory, mostRemembered);
  }

  /** Topics the gateway reads. */
  List<String> followed() {
    return List.of(topics.decisions(), topics.outcomes(), topics.dlq());
  }

  /** Without the client settings and tokens. */
  @Override
  public String toString() {
    return "GatewaySettings[" + host + ":" + port + ", timeout " + timeout + "]";
  }
}
