package dev.turnout.router;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.LIST;
import static dev.turnout.config.SettingKind.SEED;
import static dev.turnout.config.SettingKind.SHARE;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.choice;
import static dev.turnout.config.SettingKind.number;
import static dev.turnout.config.SettingKind.text;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import dev.turnout.kafka.StartFrom;
import dev.turnout.policy.Policies;
import dev.turnout.policy.session.SwitchingTerms;
import dev.turnout.topic.FieldLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that makes a router. What a component does, which values it takes and what it is
 * unless set stands at its key, below.
 *
 * @param routerId name of this very instance, stamped into its decisions
 * @param routerVersion version of the program, stamped into decisions
 * @param switching when another LLM takes a conversation over
 * @param minSuccess NaN asks for none
 * @param explorationFloor NaN takes the policy's own default
 * @param fallbackLlm null takes the model's best overall
 */
public record RouterSettings(
    ConnectionSettings connection,
    String applicationId,
    StartFrom from,
    String routerId,
    String routerVersion,
    ProcessingGuarantee guarantee,
    GroupProtocol groupProtocol,
    String policy,
    double costWeight,
    double latencyWeight,
    double minSuccess,
    double explorationFloor,
    double thompsonTemper,
    SwitchingTerms switching,
    double shadowShare,
    Duration budgetWindow,
    String stateDir,
    @Nullable String fallbackLlm,
    int maxTextBytes,
    List<String> forwardedHeaders,
    int threads,
    int pollRecords,
    Duration transactionTimeout,
    Duration startDeadline,
    int threadReplacements,
    long seed)
    implements RoleSettings {

  public static final SettingGroup KEYS = SettingGroup.closed("router", "turnout router");

  private static final Setting<String> APPLICATION_ID =
      KEYS.key("application-id", TEXT)
          .doc(
              "Routers of the same id share the queries; also their transactional id; empty is the"
                  + " prefix of the topics with -router.");
  private static final Setting<StartFrom> FROM =
      KEYS.key("from", choice(StartFrom.class), "latest")
          .doc(
              "Where routers of a new application id start on the queries topic: at its end, or with"
                  + " the earliest query that it holds; later they go on where they stand.");
  private static final Setting<String> ID =
      KEYS.key("id", text(FieldLimits.INSTANCE))
          .doc("Name of this instance in its decisions; empty makes one up.");
  private static final Setting<ProcessingGuarantee> GUARANTEE =
      KEYS.key("guarantee", choice(ProcessingGuarantee.class), "exactly-once")
          .doc("What holds for decisions and requests when a router dies.");
  private static final Setting<GroupProtocol> GROUP_PROTOCOL =
      KEYS.key("group-protocol", choice(GroupProtocol.class), "classic")
          .doc("How routers share out the partitions; streams is KIP-1071.");
  private static final Setting<String> POLICY =
      KEYS.key("policy", choice(Policies.names()), "argmax")
          .doc("Selection policy of queries that name none.");
  private static final Setting<Double> COST_WEIGHT =
      KEYS.key("cost-weight", number(0), 0).doc("Predicted success a saved US cent is worth.");
  private static final Setting<Double> LATENCY_WEIGHT =
      KEYS.key("latency-weight", number(0), 0).doc("Predicted success a saved second is worth.");
  private static final Setting<Double> MIN_SUCCESS =
      KEYS.key("min-success", SHARE)
          .doc(
              "Only LLMs that are sure enough to be right this share of the time may answer, else"
                  + " the likeliest; empty asks for nothing.");
  private static final Setting<Double> EXPLORATION_FLOOR =
      KEYS.key("exploration-floor", SHARE)
          .doc(
              "Share of the choice spread evenly over all LLMs, whatever the policy; empty is 0.03"
                  + " for thompson and none for the others.");
  private static final Setting<Double> THOMPSON_TEMPER =
      KEYS.key("thompson-temper", number(0), 1)
          .doc(
              "Factor on the uncertainty that thompson explores by: below 1 explores less, 0 not at"
                  + " all beyond the floor.");
  private static final Setting<Double> SWITCH_GAIN =
      KEYS.key("switch-gain", number(0), 0.02)
          .doc(
              "Predicted success that another LLM must gain before it takes a conversation over,"
                  + " beyond what reading the conversation anew costs.");
  private static final Setting<Double> SWITCH_COST_WEIGHT =
      KEYS.key("switch-cost-weight", number(0), 0.02)
          .doc(
              "Predicted success a US cent is worth that another LLM's reading of a conversation"
                  + " costs, where router.cost-weight is lower.");
  private static final Setting<Double> SWITCH_LATENCY_WEIGHT =
      KEYS.key("switch-latency-weight", number(0), 0.005)
          .doc(
              "Predicted success a second is worth that another LLM takes to read a conversation,"
                  + " where router.latency-weight is lower.");
  private static final Setting<Duration> BUDGET_WINDOW =
      KEYS.key("budget-window", DURATION, "2m")
          .doc("Money reserved for a query without an outcome is released after this long.");
  private static final Setting<String> STATE_DIR =
      KEYS.key("state-dir", TEXT, "")
          .doc(
              "Where the accounts of budgets are kept, for one process; empty is a directory of its"
                  + " own below ~/.local/state/turnout. What is lost is restored from Kafka.");
  private static final Setting<Double> SHADOW_SHARE =
      KEYS.key("shadow-share", SHARE, 0)
          .doc("Share of queries also sent to a further LLM, for grading only.");
  private static final Setting<String> FALLBACK_LLM =
      KEYS.key("fallback-llm", TEXT)
          .doc("LLM that answers when nothing can be scored; empty is the model's best.");
  private static final Setting<Integer> MAX_TEXT_BYTES =
      KEYS.key("max-text-bytes", whole(1, FieldLimits.TEXT), 1 << 20)
          .doc("Longer texts are dead-lettered.");
  private static final Setting<List<String>> FORWARD_HEADERS =
      KEYS.key("forward-headers", LIST, "traceparent,tracestate")
          .doc("Headers of a query's record that its decision and requests have too.");
  private static final Setting<Integer> THREADS =
      KEYS.key("threads", whole(1, 256), 1).doc("Stream threads.");
  private static final Setting<Integer> POLL_RECORDS =
      KEYS.key("poll-records", whole(0, 100_000), 0)
          .doc("Most queries encoded together; 0 fits it to the encoder's speed.");
  private static final Setting<Duration> TRANSACTION_TIMEOUT =
      KEYS.key("transaction-timeout", DURATION, "5s")
          .doc(
              "Longest open transaction; covers the encoding of one polled batch. A dead router's"
                  + " partitions wait for it.");
  private static final Setting<Duration> START_DEADLINE =
      KEYS.key("start-deadline", DURATION, "30s")
          .doc("How long the start waits for models and LLM profiles to be read.");
  private static final Setting<Integer> THREAD_REPLACEMENTS =
      KEYS.key("thread-replacements", whole(0, 1000), 5)
          .doc(
              "Stream threads that may fail within ten minutes for a cause that is neither a record"
                  + " nor an outage, before the router is no longer live; each is replaced.");
  private static final Setting<Long> RANDOM_SEED =
      KEYS.key("seed", SEED, 1).doc("Seed of every random choice.");

  /** Freezes the names. */
  public RouterSettings {
    forwardedHeaders = List.copyOf(forwardedHeaders);
  }

  /**
   * Binds the settings.
   *
   * @param version of the program
   */
  public static RouterSettings from(SettingValues values, String version) {
    return new RouterSettings(
        ConnectionSettings.from(values),
        ConnectionSettings.applicationId(values, APPLICATION_ID, "router"),
        values.get(FROM),
        values.find(ID).orElseGet(() -> "router-" + ProcessHandle.current().pid()),
        version,
        values.get(GUARANTEE),
        values.get(GROUP_PROTOCOL),
        values.get(POLICY),
        values.get(COST_WEIGHT),
        values.get(LATENCY_WEIGHT),
        values.find(MIN_SUCCESS).orElse(Double.NaN),
        values.find(EXPLORATION_FLOOR).orElse(Double.NaN),
        values.get(THOMPSON_TEMPER),
        new SwitchingTerms(
            values.get(SWITCH_GAIN),
            values.get(SWITCH_COST_WEIGHT),
            values.get(SWITCH_LATENCY_WEIGHT)),
        values.get(SHADOW_SHARE),
        budgetWindow(values),
        values.get(STATE_DIR),
        values.find(FALLBACK_LLM).orElse(null),
        values.get(MAX_TEXT_BYTES),
        values.get(FORWARD_HEADERS),
        values.get(THREADS),
        values.get(POLL_RECORDS),
        values.get(TRANSACTION_TIMEOUT),
        values.get(START_DEADLINE),
        values.get(THREAD_REPLACEMENTS),
        values.get(RANDOM_SEED));
  }

  @Override
  public List<String> requiredTopics() {
    return List.of(
        topics().queries(),
        topics().decisions(),
        topics().replies(),
        topics().dlq(),
        topics().models(),
        topics().llms(),
        topics().availability(),
        topics().tenants(),
        topics().outcomes(),
        topics().budgetEvents(),
        topics().budgets());
  }

  private static Duration budgetWindow(SettingValues values) {
    Duration window = values.get(BUDGET_WINDOW);
    if (window.isZero()) {
      values.report(BUDGET_WINDOW, "must be longer than nothing");
    }
    return window;
  }
}
