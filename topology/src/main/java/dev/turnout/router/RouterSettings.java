package dev.turnout.router;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.LIST;
import static dev.turnout.config.SettingKind.SEED;
import static dev.turnout.config.SettingKind.SHARE;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.choice;
import static dev.turnout.config.SettingKind.number;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingKind;
import dev.turnout.config.SettingValues;
import dev.turnout.ledger.TenantBudgets;
import dev.turnout.policy.Policies;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that makes a router. What a component does, which values it takes and what it is
 * unless set stands at its key, below.
 *
 * @param routerId name of this very instance, stamped into its decisions
 * @param routerVersion version of the program, stamped into decisions
 * @param explorationFloor NaN takes the policy's own default
 * @param fallbackLlm null takes the model's best overall
 */
public record RouterSettings(
    ConnectionSettings connection,
    String applicationId,
    String routerId,
    String routerVersion,
    ProcessingGuarantee guarantee,
    GroupProtocol groupProtocol,
    String policy,
    double costWeight,
    double latencyWeight,
    double explorationFloor,
    Map<String, Double> tenantExplorationFloors,
    double thompsonTemper,
    TenantBudgets budgets,
    double shadowShare,
    @Nullable String fallbackLlm,
    int maxTextBytes,
    int threads,
    int pollRecords,
    Duration transactionTimeout,
    Duration startDeadline,
    int threadReplacements,
    long seed)
    implements RoleSettings {

  /** Failures further apart than this do not add up. */
  public static final Duration REPLACEMENT_WINDOW = Duration.ofMinutes(10);

  private static final SettingKind<Double> POSITIVE = number(Double.MIN_VALUE);

  public static final SettingGroup KEYS = SettingGroup.closed("router", "turnout router");

  private static final Setting<String> APPLICATION_ID =
      KEYS.key("application-id", TEXT)
          .doc(
              "Routers of the same id share the queries; also their transactional id; empty is the"
                  + " prefix of the topics with -router.");
  private static final Setting<String> ID =
      KEYS.key("id", TEXT).doc("Name of this instance in its decisions; empty makes one up.");
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
  private static final Setting<Double> EXPLORATION_FLOOR =
      KEYS.key("exploration-floor", SHARE)
          .doc(
              "Share of the choice spread evenly over all LLMs, whatever the policy; empty is 0.03"
                  + " for thompson and none for the others.");
  private static final Setting<List<String>> TENANT_EXPLORATION_FLOORS =
      KEYS.key("tenant-exploration-floors", LIST).doc("Other floors for tenants, as tenant=share.");
  private static final Setting<Double> THOMPSON_TEMPER =
      KEYS.key("thompson-temper", number(0), 1)
          .doc(
              "Factor on the uncertainty that thompson explores by: below 1 explores less, 0 not at"
                  + " all beyond the floor.");
  private static final Setting<List<String>> TENANT_BUDGETS =
      KEYS.key("tenant-budgets", LIST)
          .doc("What tenants may spend, in USD an hour, as tenant=usd.");
  private static final Setting<List<String>> TENANT_BURSTS =
      KEYS.key("tenant-bursts", LIST)
          .doc(
              "What they may spend at once after a pause, as tenant=usd; else six minutes' worth.");
  private static final Setting<Duration> BUDGET_WINDOW =
      KEYS.key("budget-window", DURATION, "2m")
          .doc("Money reserved for a query without an outcome is released after this long.");
  private static final Setting<Double> SHADOW_SHARE =
      KEYS.key("shadow-share", SHARE, 0)
          .doc("Share of queries also sent to a further LLM, for grading only.");
  private static final Setting<String> FALLBACK_LLM =
      KEYS.key("fallback-llm", TEXT)
          .doc("LLM that answers when nothing can be scored; empty is the model's best.");
  private static final Setting<Integer> MAX_TEXT_BYTES =
      KEYS.key("max-text-bytes", whole(1), 1 << 20).doc("Longer texts are dead-lettered.");
  private static final Setting<Integer> THREADS =
      KEYS.key("threads", whole(1, 256), 1).doc("Stream threads.");
  private static final Setting<Integer> POLL_RECORDS =
      KEYS.key("poll-records", whole(0, 100_000), 0)
          .doc("Most queries encoded together; 0 fits it to the encoder's speed.");
  private static final Setting<Duration> TRANSACTION_TIMEOUT =
      KEYS.key("transaction-timeout", DURATION, "20s")
          .doc("Longest open transaction; covers the encoding of one polled batch.");
  private static final Setting<Duration> START_DEADLINE =
      KEYS.key("start-deadline", DURATION, "30s")
          .doc("How long the start waits for models and LLM profiles to be read.");
  private static final Setting<Integer> THREAD_REPLACEMENTS =
      KEYS.key("thread-replacements", whole(0, 1000), 5)
          .doc("Failed stream threads replaced within ten minutes before the router gives up.");
  private static final Setting<Long> RANDOM_SEED =
      KEYS.key("seed", SEED, 1).doc("Seed of every random choice.");

  public RouterSettings {
    tenantExplorationFloors = Map.copyOf(tenantExplorationFloors);
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
        values.find(ID).orElseGet(() -> "router-" + ProcessHandle.current().pid()),
        version,
        values.get(GUARANTEE),
        values.get(GROUP_PROTOCOL),
        values.get(POLICY),
        values.get(COST_WEIGHT),
        values.get(LATENCY_WEIGHT),
        values.find(EXPLORATION_FLOOR).orElse(Double.NaN),
        amounts(values, TENANT_EXPLORATION_FLOORS, SHARE, "name=share with a share from 0 to 1"),
        values.get(THOMPSON_TEMPER),
        budgets(values),
        values.get(SHADOW_SHARE),
        values.find(FALLBACK_LLM).orElse(null),
        values.get(MAX_TEXT_BYTES),
        values.get(THREADS),
        values.get(POLL_RECORDS),
        values.get(TRANSACTION_TIMEOUT),
        values.get(START_DEADLINE),
        values.get(THREAD_REPLACEMENTS),
        values.get(RANDOM_SEED));
  }

  private static TenantBudgets budgets(SettingValues values) {
    String form = "name=amount with an amount above 0";
    Map<String, Double> rates = amounts(values, TENANT_BUDGETS, POSITIVE, form);
    Map<String, Double> bursts = amounts(values, TENANT_BURSTS, POSITIVE, form);
    for (String tenant : bursts.keySet()) {
      if (!rates.containsKey(tenant)) {
        values.report(
            TENANT_BURSTS,
            "tenant \"" + tenant + "\" has no budget; give it one in router.tenant-budgets");
      }
    }
    Map<String, BudgetSettings> budgets = new HashMap<>();
    rates.forEach(
        (tenant, usd) -> {
          BudgetSettings usual = BudgetSettings.perHour(usd);
          Double burst = bursts.get(tenant);
          budgets.put(tenant, burst == null ? usual : usual.withBurst(burst));
        });
    Duration window = values.get(BUDGET_WINDOW);
    if (window.isZero()) {
      values.report(BUDGET_WINDOW, "must be longer than nothing");
      return TenantBudgets.of(budgets);
    }
    return new TenantBudgets(budgets, window);
  }

  /** A list of {@code name=amount}; entries of another form are reported and left out. */
  private static Map<String, Double> amounts(
      SettingValues values, Setting<List<String>> setting, SettingKind<Double> kind, String form) {
    Map<String, Double> amounts = new TreeMap<>();
    for (String entry : values.get(setting)) {
      int equals = entry.lastIndexOf('=');
      try {
        String name = entry.substring(0, Math.max(0, equals)).strip();
        if (name.isEmpty()) {
          throw new IllegalArgumentException(form);
        }
        amounts.put(name, kind.read(entry.substring(equals + 1).strip()));
      } catch (IllegalArgumentException e) {
        values.report(setting, "\"" + entry + "\" must read " + form);
      }
    }
    return amounts;
  }

  /** The floor of a tenant's exploration; NaN takes the policy's own default. */
  public double explorationFloorOf(String tenant) {
    return tenantExplorationFloors.getOrDefault(tenant, explorationFloor);
  }
}
