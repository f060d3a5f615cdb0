package dev.turnout.gateway;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.LIST;
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
import dev.turnout.gateway.access.AccessSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How to run the gateway. What a component does and what it is unless set stands at its key.
 *
 * @param timeout longest wait for an answer; also the query's deadline
 * @param maxOpen most queries whose answers are waited for at a time
 * @param decisionMemory how far back an id that does not carry its time is looked up
 * @param aliases other names of models, and what each stands for
 * @param corsOrigins origins whose pages may ask; empty for none
 * @param heartbeat how long a stream may be silent
 * @param streamBufferBytes what waits for a slow reader at most
 * @param keysFile more keys; null for none
 * @param routerGroup group of the routers
 * @param maxBacklog most requests that may wait for an LLM
 * @param drain how long closing waits for what is under way
 */
public record GatewaySettings(
    ConnectionSettings connection,
    String host,
    int port,
    Duration timeout,
    List<String> tokens,
    @Nullable Path keysFile,
    int maxOpen,
    Duration decisionMemory,
    Map<String, String> aliases,
    List<String> corsOrigins,
    Duration heartbeat,
    int streamBufferBytes,
    int maxBacklog,
    Duration drain,
    String routerGroup)
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
      KEYS.key("tokens", SECRETS)
          .doc(
              "Keys with all rights for the tenant default; turnout keys create makes better"
                  + " ones.");
  private static final Setting<String> KEYS_FILE =
      KEYS.key("keys-file", TEXT)
          .doc("JSON file of keys besides those on the topic of keys; read again when it changes.");

  private static final Setting<Integer> MAX_OPEN =
      KEYS.key("max-open", whole(1, 1_000_000), 5_000)
          .doc("Queries whose answers clients wait for at a time; beyond that HTTP 503.");
  private static final Setting<Duration> DECISION_MEMORY =
      KEYS.key("decision-memory", DURATION, "1h")
          .doc(
              "How far back a query is looked up by an id that is not of the gateway's form; such"
                  + " ids carry their time and are found for as long as the topics keep them.");

  private static final Setting<List<String>> ALIASES =
      KEYS.key("aliases", LIST)
          .doc(
              "Other names of models, as name=model; the model is an LLM's id, or auto, e.g."
                  + " gpt-4o=auto.");
  private static final Setting<List<String>> CORS_ORIGINS =
      KEYS.key("cors.origins", LIST)
          .doc("Origins whose pages may ask, e.g. https://chat.example.org; * for all.");
  private static final Setting<Duration> HEARTBEAT =
      KEYS.key("heartbeat", DURATION, "15s")
          .doc("How long a stream may be silent before it gets a sign of life.");
  private static final Setting<Integer> STREAM_BUFFER_BYTES =
      KEYS.key("stream-buffer-bytes", whole(1024), 512 * 1024)
          .doc("What waits for a slow reader of a stream before the stream is given up.");
  private static final Setting<Integer> MAX_BACKLOG =
      KEYS.key("max-backlog", whole(1), 5_000)
          .doc(
              "Requests that may wait for an LLM's workers; where more wait for every LLM that may"
                  + " answer, HTTP 429.");
  private static final Setting<Duration> DRAIN =
      KEYS.key("drain", DURATION, "20s")
          .doc("How long closing waits for requests that are under way; new ones get HTTP 503.");

  /** Freezes the collections. */
  public GatewaySettings {
    tokens = List.copyOf(tokens);
    aliases = Map.copyOf(aliases);
    corsOrigins = List.copyOf(corsOrigins);
    if (heartbeat.isZero()) {
      heartbeat = Duration.ofDays(1);
    }
  }

  /** Binds the settings. */
  public static GatewaySettings from(SettingValues values) {
    return new GatewaySettings(
        ConnectionSettings.from(values),
        values.get(HOST),
        values.get(HTTP_PORT),
        values.get(TIMEOUT),
        values.get(TOKENS),
        values.find(KEYS_FILE).map(Path::of).orElse(null),
        values.get(MAX_OPEN),
        values.get(DECISION_MEMORY),
        aliases(values),
        values.get(CORS_ORIGINS),
        values.get(HEARTBEAT),
        values.get(STREAM_BUFFER_BYTES),
        values.get(MAX_BACKLOG),
        values.get(DRAIN),
        ConnectionSettings.from(values).topics().prefix().replaceFirst("\\.$", "") + "-router");
  }

  /** The same where the routers' group has another name. */
  public GatewaySettings withRouterGroup(String group) {
    return new GatewaySettings(
        connection,
        host,
        port,
        timeout,
        tokens,
        keysFile,
        maxOpen,
        decisionMemory,
        aliases,
        corsOrigins,
        heartbeat,
        streamBufferBytes,
        maxBacklog,
        drain,
        group);
  }

  /** How it knows who may use it. */
  AccessSettings access() {
    return new AccessSettings(connection, listens(), tokens, keysFile, routerGroup, maxBacklog);
  }

  private static Map<String, String> aliases(SettingValues values) {
    Map<String, String> aliases = new TreeMap<>();
    for (String alias : values.get(ALIASES)) {
      int equals = alias.indexOf('=');
      String name = equals < 0 ? "" : alias.substring(0, equals).strip();
      String model = equals < 0 ? "" : alias.substring(equals + 1).strip();
      if (name.isEmpty() || model.isEmpty()) {
        values.report(ALIASES, "\"" + alias + "\" is no alias; write name=model, e.g. gpt-4o=auto");
      } else {
        aliases.put(name, model);
      }
    }
    for (Map.Entry<String, String> alias : aliases.entrySet()) {
      if (aliases.containsKey(alias.getValue())) {
        values.report(
            ALIASES,
            "\""
                + alias.getKey()
                + "\" stands for \""
                + alias.getValue()
                + "\", which is an alias itself; give it the model");
      }
    }
    return aliases;
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
        topics().llms(),
        topics().keys(),
        topics().tenants(),
        topics().dlq());
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "GatewaySettings[" + host + ":" + port + ", timeout " + timeout + "]";
  }
}
