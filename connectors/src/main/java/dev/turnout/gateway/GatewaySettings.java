package dev.turnout.gateway;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.PORT;
import static dev.turnout.config.SettingKind.SECRETS;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.ListenAddress;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import java.time.Duration;
import java.util.List;

/**
 * How to run the gateway. What a component does and what it is unless set stands at its key.
 *
 * @param timeout longest wait for an answer; also the query's deadline
 * @param maxOpen most queries whose answers are waited for at a time
 * @param decisionMemory how far back an id that does not carry its time is looked up
 * @param mostRemembered largest number of decisions kept
 */
public record GatewaySettings(
    ConnectionSettings connection,
    String host,
    int port,
    Duration timeout,
    List<String> tokens,
    int maxOpen,
    Duration decisionMemory,
    int mostRemembered)
    implements RoleSettings {

  /** The keys {@code gateway.*}. */
  public static final SettingGroup KEYS = SettingGroup.closed("gateway", "turnout gateway");

  private static final Setting<String> HOST =
      KEYS.key("host", TEXT, ListenAddress.LOOPBACK)
          .doc("Address the HTTP gateway listens on; 0.0.0.0 lets other machines in.");
  private static final Setting<Integer> HTTP_PORT =
      KEYS.key("port", PORT, 8080).doc("Port the HTTP gateway listens on; 0 takes a free one.");
  private static final Setting<Duration> TIMEOUT =
      KEYS.key("timeout", DURATION, "60s").doc("Longest wait for an answer before HTTP 504.");
  private static final Setting<List<String>> TOKENS =
      KEYS.key("tokens", SECRETS).doc("Bearer tokens that may ask; empty lets everyone in.");

  private static final Setting<Integer> MAX_OPEN =
      KEYS.key("max-open", whole(1, 1_000_000), 5_000)
          .doc("Queries whose answers clients wait for at a time; beyond that HTTP 503.");
  private static final Setting<Duration> DECISION_MEMORY =
      KEYS.key("decision-memory", DURATION, "1h")
          .doc(
              "How far back a query is looked up by an id that is not of the gateway's form; such ids carry their time and are found for as long as the topics keep them.");

  /** Freezes the tokens. */
  public GatewaySettings {
    tokens = List.copyOf(tokens);
  }

  /** Binds the settings. */
  public static GatewaySettings from(SettingValues values) {
    return new GatewaySettings(
        ConnectionSettings.from(values),
        values.get(HOST),
        values.get(HTTP_PORT),
        values.get(TIMEOUT),
        values.get(TOKENS),
        values.get(MAX_OPEN),
        values.get(DECISION_MEMORY),
        10_000);
  }

  /** Where it listens. */
  ListenAddress listens() {
    return new ListenAddress(HOST.key(), host);
  }

  @Override
  public List<String> requiredTopics() {
    return List.of(
        topics().queries(),
        topics().decisions(),
        topics().outcomes(),
        topics().feedback(),
        topics().replies(),
        topics().cancellations(),
        topics().dlq());
  }

  /** Topics the gateway reads. */
  List<String> followed() {
    return List.of(topics().decisions(), topics().outcomes(), topics().dlq());
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "GatewaySettings[" + host + ":" + port + ", timeout " + timeout + "]";
  }
}
