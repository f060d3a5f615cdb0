package dev.turnout.console;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.PORT;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.ListenAddress;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.gateway.access.AccessSettings;
import dev.turnout.router.RouterSettings;
import java.time.Duration;
import java.util.List;

/**
 * How to run the console. What a component does and what it is unless set stands at its key.
 *
 * @param recent decisions that are kept whole
 * @param costWeight what a saved US cent is worth to the routers, which a page marks
 * @param history how much of the past a new application counts
 * @param gateway how queries are asked, and whose a key is
 */
public record ConsoleSettings(
    ConnectionSettings connection,
    String host,
    int port,
    String applicationId,
    String stateDir,
    int recent,
    Duration history,
    double costWeight,
    GatewaySettings gateway)
    implements RoleSettings {

  /** The keys {@code console.*}. */
  public static final SettingGroup KEYS = SettingGroup.closed("console", "turnout console");

  private static final Setting<String> HOST =
      KEYS.key("host", TEXT, ListenAddress.LOOPBACK)
          .doc(
              "Address the console listens on; 0.0.0.0 lets other machines in, with a key of the"
                  + " gateway that may read all tenants.");
  private static final Setting<Integer> HTTP_PORT =
      KEYS.key("port", PORT, 8090).doc("Port the console listens on; 0 takes a free one.");
  private static final Setting<String> APPLICATION_ID =
      KEYS.key("application-id", TEXT)
          .doc(
              "Kafka Streams application of the console, one process each; empty is the prefix of"
                  + " the topics with -console.");
  private static final Setting<String> STATE_DIR =
      KEYS.key("state-dir", TEXT, "")
          .doc(
              "Where Kafka Streams notes what it has restored; empty is a directory of its own"
                  + " below ~/.local/state/turnout. What is lost is restored from Kafka.");
  private static final Setting<Integer> RECENT =
      KEYS.key("recent", whole(10, 100_000), 2_000)
          .doc(
              "Latest decisions that are kept whole, for search and for the nearest past queries;"
                  + " older ones are found by their id on the topics.");

  private static final Setting<Duration> HISTORY =
      KEYS.key("history", DURATION, "1d")
          .doc(
              "How much of the past is counted by a console of a new application id; later it goes"
                  + " on where it stood, and keeps its counts for 31 days.");

  /** Binds the settings. */
  public static ConsoleSettings from(SettingValues values) {
    ConnectionSettings connection = ConnectionSettings.from(values);
    return new ConsoleSettings(
        connection,
        values.get(HOST),
        values.get(HTTP_PORT),
        ConnectionSettings.applicationId(values, APPLICATION_ID, "console"),
        values.get(STATE_DIR),
        values.get(RECENT),
        values.get(HISTORY),
        RouterSettings.from(values, "").costWeight(),
        GatewaySettings.from(values));
  }

  /** The same where the routers' group has another name. */
  public ConsoleSettings withRouterGroup(String group) {
    return new ConsoleSettings(
        connection,
        host,
        port,
        applicationId,
        stateDir,
        recent,
        history,
        costWeight,
        gateway.withRouterGroup(group));
  }

  /** How it knows who may use it. */
  AccessSettings access() {
    return new AccessSettings(
        connection,
        new ListenAddress(HOST.key(), host),
        gateway.tokens(),
        gateway.keysFile(),
        gateway.routerGroup(),
        gateway.maxBacklog());
  }

  @Override
  public List<String> requiredTopics() {
    return List.of(
        topics().queries(),
        topics().decisions(),
        topics().outcomes(),
        topics().feedback(),
        topics().samples(),
        topics().models(),
        topics().posteriors(),
        topics().llms(),
        topics().availability(),
        topics().keys(),
        topics().tenants(),
        topics().budgets(),
        topics().replies(),
        topics().cancellations(),
        topics().dlq());
  }
}
