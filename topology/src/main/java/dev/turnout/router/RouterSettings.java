package dev.turnout.router;

import dev.turnout.ledger.TenantBudgets;
import dev.turnout.policy.Policies;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that makes a router; build one from {@link #builder}.
 *
 * @param bootstrapServers the brokers
 * @param applicationId Kafka Streams application id: routers of the same id share the queries
 * @param routerId name of this very instance, stamped into its decisions
 * @param routerVersion version of the program, stamped into decisions
 * @param topics names of all topics
 * @param replication replication factor of request topics that the router creates; -1 takes the
 *     cluster's default
 * @param guarantee what a crash may cost
 * @param groupProtocol how routers share out the partitions
 * @param threads stream threads in this instance
 * @param pollRecords most queries polled, and so encoded, at once; 0 fits it to the encoder's speed
 * @param transactionTimeout longest open transaction; must cover the encoding of one polled batch,
 *     and is what a crashed router's partitions may have to wait for
 * @param policy selection policy of queries that name none
 * @param costWeight predicted success that a saved US cent is worth, for queries that name no
 *     weight
 * @param latencyWeight predicted success that a saved second is worth, for queries that name no
 *     weight
 * @param explorationFloor share of the choice spread evenly over all eligible LLMs; NaN takes the
 *     policy's own default
 * @param tenantExplorationFloors other floors by tenant
 * @param thompsonTemper factor on the uncertainty that Thompson sampling explores by; below 1
 *     explores less
 * @param shadowShare share of the queries that are also sent to one further LLM for grading only
 * @param budgets which tenants may spend how much
 * @param fallbackLlm who answers when nothing can be scored; null takes the model's best overall
 * @param maxTextBytes largest text in bytes of UTF-8; larger ones are dead-lettered
 * @param seed of every random choice, so that a replay repeats it
 * @param startDeadline how long the start waits for models and LLM profiles to be read
 * @param threadReplacements stream threads that may be replaced within {@link #REPLACEMENT_WINDOW}
 *     before the router gives up
 * @param serdes settings of the Avro serdes and the schema registry
 * @param kafka settings passed through to Kafka Streams and its clients; they win over ours
 */
public record RouterSettings(
    String bootstrapServers,
    String applicationId,
    String routerId,
    String routerVersion,
    TopicCatalogue topics,
    short replication,
    ProcessingGuarantee guarantee,
    GroupProtocol groupProtocol,
    int threads,
    int pollRecords,
    Duration transactionTimeout,
    String policy,
    double costWeight,
    double latencyWeight,
    double explorationFloor,
    Map<String, Double> tenantExplorationFloors,
    double thompsonTemper,
    double shadowShare,
    TenantBudgets budgets,
    @Nullable String fallbackLlm,
    int maxTextBytes,
    long seed,
    Duration startDeadline,
    int threadReplacements,
    Map<String, Object> serdes,
    Map<String, Object> kafka) {

  /** Failures further apart than this do not add up. */
  public static final Duration REPLACEMENT_WINDOW = Duration.ofMinutes(10);

  public RouterSettings {
    tenantExplorationFloors = Map.copyOf(tenantExplorationFloors);
    serdes = Map.copyOf(serdes);
    kafka = Map.copyOf(kafka);
    require(!bootstrapServers.isBlank(), "bootstrapServers is blank; name a broker as host:port");
    require(!applicationId.isBlank(), "applicationId is blank");
    require(threads >= 1, "threads is " + threads + "; at least 1 is needed");
    require(pollRecords >= 0, "pollRecords is " + pollRecords + "; use 0 to fit the encoder");
    require(
        Policies.names().contains(policy),
        "no selection policy is named \"" + policy + "\"; choose one of " + Policies.names());
    require(costWeight >= 0 && latencyWeight >= 0, "costWeight and latencyWeight must be >= 0");
    require(
        !(explorationFloor < 0 || explorationFloor > 1),
        "explorationFloor is " + explorationFloor + "; it is a share, 0..1");
    require(
        thompsonTemper >= 0 && Double.isFinite(thompsonTemper),
        "thompsonTemper is " + thompsonTemper + "; it is a factor, 0 or more");
    require(
        shadowShare >= 0 && shadowShare <= 1,
        "shadowShare is " + shadowShare + "; it is a share, 0..1");
    require(maxTextBytes >= 1, "maxTextBytes is " + maxTextBytes + "; it must be positive");
    require(threadReplacements >= 0, "threadReplacements must not be negative");
  }

  /** The floor of a tenant's exploration; NaN takes the policy's own default. */
  public double explorationFloorOf(String tenant) {
    return tenantExplorationFloors.getOrDefault(tenant, explorationFloor);
  }

  /**
   * Starts from the defaults.
   *
   * @param bootstrapServers the brokers, as {@code host:port,…}
   */
  public static Builder builder(String bootstrapServers) {
    return new Builder(bootstrapServers);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("router settings: " + message);
    }
  }

  /** Collects settings; what is not set keeps its default. */
  public static final class Builder {
    private final String bootstrapServers;
    private String applicationId = "turnout-router";
    private String routerId = "router-" + ProcessHandle.current().pid();
    private String routerVersion = "0.1.0";
    private TopicCatalogue topics = TopicCatalogue.standard();
    private short replication = -1;
    private ProcessingGuarantee guarantee = ProcessingGuarantee.EXACTLY_ONCE;
    private GroupProtocol groupProtocol = GroupProtocol.CLASSIC;
    private int threads = 1;
    private int pollRecords;
    private Duration transactionTimeout = Duration.ofSeconds(20);
    private String policy = "argmax";
    private double costWeight;
    private double latencyWeight;
    private double explorationFloor = Double.NaN;
    private Map<String, Double> tenantExplorationFloors = Map.of();
    private double thompsonTemper = 1;
    private double shadowShare;
    private TenantBudgets budgets = TenantBudgets.none();
    private @Nullable String fallbackLlm;
    private int maxTextBytes = 1 << 20;
    private long seed = 1;
    private Duration startDeadline = Duration.ofSeconds(30);
    private int threadReplacements = 5;
    private Map<String, Object> serdes = Map.of();
    private Map<String, Object> kafka = Map.of();

    private Builder(String bootstrapServers) {
      this.bootstrapServers = bootstrapServers;
    }

    public Builder applicationId(String value) {
      applicationId = value;
      return this;
    }

    public Builder routerId(String value) {
      routerId = value;
      return this;
    }

    public Builder routerVersion(String value) {
      routerVersion = value;
      return this;
    }

    public Builder topics(TopicCatalogue value) {
      topics = value;
      return this;
    }

    public Builder replication(int value) {
      replication = (short) value;
      return this;
    }

    public Builder guarantee(ProcessingGuarantee value) {
      guarantee = value;
      return this;
    }

    public Builder groupProtocol(GroupProtocol value) {
      groupProtocol = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    public Builder pollRecords(int value) {
      pollRecords = value;
      return this;
    }

    public Builder transactionTimeout(Duration value) {
      transactionTimeout = value;
      return this;
    }

    public Builder policy(String value) {
      policy = value;
      return this;
    }

    public Builder costWeight(double value) {
      costWeight = value;
      return this;
    }

    public Builder latencyWeight(double value) {
      latencyWeight = value;
      return this;
    }

    public Builder explorationFloor(double value) {
      explorationFloor = value;
      return this;
    }

    public Builder tenantExplorationFloors(Map<String, Double> value) {
      tenantExplorationFloors = value;
      return this;
    }

    public Builder thompsonTemper(double value) {
      thompsonTemper = value;
      return this;
    }

    public Builder shadowShare(double value) {
      shadowShare = value;
      return this;
    }

    public Builder budgets(TenantBudgets value) {
      budgets = value;
      return this;
    }

    public Builder fallbackLlm(@Nullable String value) {
      fallbackLlm = value;
      return this;
    }

    public Builder maxTextBytes(int value) {
      maxTextBytes = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder startDeadline(Duration value) {
      startDeadline = value;
      return this;
    }

    public Builder threadReplacements(int value) {
      threadReplacements = value;
      return this;
    }

    /** Settings of the Avro serdes and the schema registry, e.g. {@code schema.registry.url}. */
    public Builder serdes(Map<String, ?> value) {
      serdes = Map.copyOf(value);
      return this;
    }

    /** Settings passed through to Kafka Streams and its clients; they win over ours. */
    public Builder kafka(Map<String, ?> value) {
      kafka = Map.copyOf(value);
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public RouterSettings build() {
      return new RouterSettings(
          bootstrapServers,
          applicationId,
          routerId,
          routerVersion,
          topics,
          replication,
          guarantee,
          groupProtocol,
          threads,
          pollRecords,
          transactionTimeout,
          policy,
          costWeight,
          latencyWeight,
          explorationFloor,
          tenantExplorationFloors,
          thompsonTemper,
          shadowShare,
          budgets,
          fallbackLlm,
          maxTextBytes,
          seed,
          startDeadline,
          threadReplacements,
          serdes,
          kafka);
    }
  }
}
