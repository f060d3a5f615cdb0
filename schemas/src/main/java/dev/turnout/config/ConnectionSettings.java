package dev.turnout.config;

import static dev.turnout.config.SettingKind.FLAG;
import static dev.turnout.config.SettingKind.LIST;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.kafka.ReloadingSslEngineFactory;
import dev.turnout.registry.rest.RegistrySettings;
import dev.turnout.topic.ReplyTopics;
import dev.turnout.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.SslConfigs;

/**
 * Where an installation is: its brokers, its schema registry and its topics, and who is told how it
 * is doing.
 *
 * @param kafka settings of every Kafka client, {@code bootstrap.servers} among them
 * @param registry settings of the serialisers, {@code schema.registry.url} among them
 * @param topics names of all topics
 * @param replyTopics topics that queries may name for their answers
 * @param replication copies of each topic that is created
 * @param createTopics whether missing topics are created at start
 * @param telemetry where traces go
 */
public record ConnectionSettings(
    Map<String, Object> kafka,
    Map<String, Object> registry,
    TopicCatalogue topics,
    ReplyTopics replyTopics,
    short replication,
    boolean createTopics,
    TelemetrySettings telemetry) {

  /** The keys {@code kafka.*}: what every Kafka client is given. */
  public static final SettingGroup KAFKA =
      SettingGroup.open(
          "kafka", "Any Kafka client setting may stand here, e.g. security.protocol: SASL_SSL");

  private static final String SECURITY = "security.protocol";

  private static final Setting<String> SERVERS =
      KAFKA.key("bootstrap.servers", TEXT, "localhost:9092").doc("Brokers, host:port with commas.");

  /** The keys {@code registry.*}: what every serialiser is given. */
  public static final SettingGroup REGISTRY =
      SettingGroup.open(
          "registry", "Confluent's serialiser settings may stand here, e.g. basic.auth.user.info");

  private static final Setting<String> URL =
      REGISTRY
          .key("url", TEXT, "http://localhost:8081")
          .doc(
              "Schema registry, one URL or several with commas (Confluent's schema.registry.url).");

  /** The keys {@code topics.*}. */
  public static final SettingGroup TOPICS =
      SettingGroup.closed("topics", "Names and creation of topics, and where replies may go");

  private static final Setting<String> PREFIX =
      TOPICS
          .key(
              "prefix",
              SettingKind.of("letters, digits, '.', '_' and '-'", ConnectionSettings::prefix),
              "turnout")
          .doc("First word of every topic's name.");
  private static final Setting<Integer> PARTITIONS =
      TOPICS
          .key("partitions", whole(1, 10_000), TopicCatalogue.DEFAULT_PARTITIONS)
          .doc("Partitions of the topics that carry traffic, when they are created.");
  private static final Setting<Integer> REPLICATION =
      TOPICS.key("replication", whole(1, 32), 3).doc("Copies of each topic that is created.");
  private static final Setting<Boolean> CREATE =
      TOPICS
          .key("create", FLAG, false)
          .doc("Create missing topics at start; otherwise a missing topic is an error.");

  private static final Setting<List<String>> REPLY_TO =
      TOPICS
          .key("reply-to", LIST)
          .doc(
              "Topics that queries may name in replyTo: names, or beginnings with a * behind them;"
                  + " empty is the prefix with .replies.*, none forbids it.");

  /** Freezes the maps. */
  public ConnectionSettings {
    kafka = Map.copyOf(kafka);
    registry = Map.copyOf(registry);
  }

  private static String prefix(String text) {
    TopicCatalogue unused = TopicCatalogue.withPrefix(text);
    return text;
  }

  /** Binds the settings. */
  public static ConnectionSettings from(SettingValues values) {
    Map<String, Object> kafka = new HashMap<>(values.further(KAFKA));
    kafka.put("bootstrap.servers", values.get(SERVERS));
    if (String.valueOf(kafka.get(SECURITY)).endsWith("SSL")) {
      // Kafka's own reads certificates once
      kafka.putIfAbsent(
          SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, ReloadingSslEngineFactory.class.getName());
    }
    Map<String, Object> registry = new HashMap<>(values.further(REGISTRY));
    registry.put(RegistrySettings.URL_CONFIG, values.get(URL));
    TopicCatalogue topics = new TopicCatalogue(values.get(PREFIX), values.get(PARTITIONS));
    return new ConnectionSettings(
        kafka,
        registry,
        topics,
        replyTopics(values, topics),
        values.get(REPLICATION).shortValue(),
        values.get(CREATE),
        TelemetrySettings.from(values));
  }

  private static ReplyTopics replyTopics(SettingValues values, TopicCatalogue topics) {
    try {
      return ReplyTopics.of(topics, values.find(REPLY_TO).orElse(List.of()));
    } catch (IllegalArgumentException e) {
      values.report(REPLY_TO, String.valueOf(e.getMessage()));
      return ReplyTopics.standard(topics);
    }
  }

  /**
   * The texts that lead to an installation, for a caller that adds others.
   *
   * @param registryUrl base URL of the schema registry
   */
  public static Map<String, String> texts(
      String bootstrapServers, String registryUrl, TopicCatalogue topics) {
    Map<String, String> texts = new HashMap<>();
    texts.put(SERVERS.key(), bootstrapServers);
    texts.put(URL.key(), registryUrl);
    texts.put(PREFIX.key(), topics.prefix().replaceFirst("\\.$", ""));
    texts.put(PARTITIONS.key(), Integer.toString(topics.partitions()));
    return texts;
  }

  /** Name of a group that all members of a role in this installation share. */
  public static String applicationId(SettingValues values, Setting<String> setting, String role) {
    return values.find(setting).orElseGet(() -> values.get(PREFIX) + "-" + role);
  }

  /** The settings of Kafka clients that carry our records. */
  public Map<String, Object> clients() {
    Map<String, Object> all = new HashMap<>(registry);
    all.putAll(kafka);
    return all;
  }

  /** The brokers, host:port with commas. */
  public String bootstrapServers() {
    return String.valueOf(kafka.get("bootstrap.servers"));
  }

  /** The registry's base URLs without what proves who asks. */
  public List<String> registryUrls() {
    return RegistrySettings.from(registry).urls();
  }

  /** Names only: the values may be passwords. */
  @Override
  public String toString() {
    return "ConnectionSettings[%s, kafka %s, registry %s, topics %s]"
        .formatted(bootstrapServers(), kafka.keySet(), registry.keySet(), topics.prefix());
  }
}
