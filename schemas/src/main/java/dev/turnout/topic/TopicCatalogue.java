package dev.turnout.topic;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.DELETE_RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_MS_CONFIG;

import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Cancellation;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.schema.TrainingSample;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Every topic of one Turnout installation: its name, what is in it, how long it lives, who writes
 * and who reads. Topics are created from it and the documentation's table is printed from it, so
 * neither can drift from the other.
 *
 * @param prefix put before every topic name; ends with a dot, or is empty
 * @param partitions partitions of the topics that carry traffic when they are created; more may be
 *     added to any of them, since all readers go by what is in the records; samples are one
 *     partition, because all replicas learn from them in one order
 */
public record TopicCatalogue(String prefix, int partitions) {

  /** Prefix of an installation that does not choose another. */
  public static final String DEFAULT_PREFIX = "turnout.";

  /** Partitions of the traffic-carrying topics unless chosen otherwise. */
  public static final int DEFAULT_PARTITIONS = 6;

  /** Partitions of the replies topic; gateways beyond that number share them. */
  static final int REPLY_PARTITIONS = 16;

  /** Stands for a sanitised LLM id in the name of a {@linkplain TopicSpec#perLlm() template}. */
  public static final String LLM_PLACEHOLDER = "<llm>";

  /** What the name of a topic for batch requests ends in. */
  private static final String BATCH_SUFFIX = ".batch";

  /** Longest topic name Kafka accepts, in characters. */
  private static final int MAX_NAME_LENGTH = 249;

  /** Checks the partition count; adds the final dot to the prefix where it is missing. */
  public TopicCatalogue {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "topic partitions is " + partitions + "; it must be at least 1");
    }
    if (!prefix.isEmpty() && !prefix.endsWith(".")) {
      prefix = prefix + ".";
    }
    if (!sanitise(prefix).equals(prefix)) {
      throw new IllegalArgumentException(
          "topic prefix \"" + prefix + "\" may hold only letters, digits, '.', '_' and '-'");
    }
  }

  /** The catalogue with the default prefix and partition count. */
  public static TopicCatalogue standard() {
    return new TopicCatalogue(DEFAULT_PREFIX, DEFAULT_PARTITIONS);
  }

  /**
   * The catalogue under another prefix, with the default partition count.
   *
   * @param prefix e.g. {@code "team-a."}; a missing final dot is added, empty means none
   */
  public static TopicCatalogue withPrefix(String prefix) {
    return new TopicCatalogue(prefix, DEFAULT_PARTITIONS);
  }

  /** The same catalogue with another number of partitions in the traffic-carrying topics. */
  public TopicCatalogue withPartitions(int count) {
    return new TopicCatalogue(prefix, count);
  }

  /** Queries waiting for a decision. */
  public String queries() {
    return prefix + "queries";
  }

  /**
   * Requests of one LLM's worker pool.
   *
   * @param llmId the LLM's id as in the model, e.g. {@code mistralai/Mistral-7B-v0.1}
   * @throws IllegalArgumentException if the name would be longer than Kafka accepts, or another
   *     LLM's topic for batch
   */
  public String requests(String llmId) {
    String name = requestsPrefix() + sanitise(Objects.requireNonNull(llmId, "llmId"));
    if (llmId.isEmpty() || name.length() + BATCH_SUFFIX.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "llm \""
              + llmId
              + "\": its request topic would be \""
              + name
              + "\", but an LLM id must be 1 to "
              + (MAX_NAME_LENGTH - requestsPrefix().length() - BATCH_SUFFIX.length())
              + " characters long; choose a shorter id");
    }
    if (name.endsWith(BATCH_SUFFIX)) {
      throw new IllegalArgumentException(
          "llm \""
              + llmId
              + "\": its request topic would be \""
              + name
              + "\", which is the name for batch requests of another LLM; choose an id that does"
              + " not end in \""
              + BATCH_SUFFIX
              + "\"");
    }
    return name;
  }

  /** Requests of one LLM's worker pool, of one priority. */
  public String requests(String llmId, Priority priority) {
    return requestsOf(requests(llmId), priority);
  }

  /**
   * The topic of a priority's requests.
   *
   * @param topic the request topic in an LLM's profile, which is that of interactive requests
   */
  public static String requestsOf(String topic, Priority priority) {
    return priority == Priority.BATCH ? topic + BATCH_SUFFIX : topic;
  }

  /** What the names of all request topics begin with. */
  public String requestsPrefix() {
    return prefix + "requests.";
  }

  /** Decisions of the router. */
  public String decisions() {
    return prefix + "decisions";
  }

  /** What became of routed requests. */
  public String outcomes() {
    return prefix + "outcomes";
  }

  /** Grades. */
  public String feedback() {
    return prefix + "feedback";
  }

  /** Decisions joined with their grades, in the one order that all replicas learn in. */
  public String samples() {
    return prefix + "samples";
  }

  /** What graded feedback says of every LLM in every cell of a model: the fast path. */
  public String posteriors() {
    return prefix + "posteriors";
  }

  /** Router models: chunks, manifests and verdicts. */
  public String models() {
    return prefix + "models";
  }

  /** Profiles of the LLMs. */
  public String llms() {
    return prefix + "llms";
  }

  /** What tenants may spend, and how far their queries explore. */
  public String tenants() {
    return prefix + "tenants";
  }

  /** Who may use the gateway, as whom and how much. */
  public String keys() {
    return prefix + "keys";
  }

  /** Movements of the tenants' money. */
  public String budgetEvents() {
    return prefix + "budget-events";
  }

  /** What every tenant may spend at present. */
  public String budgets() {
    return prefix + "budgets";
  }

  /** What gateways hear of the queries that they asked; each reads one partition. */
  public String replies() {
    return prefix + "replies";
  }

  /** Queries whose answers nobody wants any more. */
  public String cancellations() {
    return prefix + "cancellations";
  }

  /** Which LLMs can answer at present, as their workers find it. */
  public String availability() {
    return prefix + "availability";
  }

  /** Records nobody could use, with the reason in the headers. */
  public String dlq() {
    return prefix + "dlq";
  }

  /** Every topic; the request topics appear once, as a {@linkplain TopicSpec#perLlm() template}. */
  public List<TopicSpec> topics() {
    return List.of(
        new TopicSpec(
            queries(),
            "query id",
            Query.class.getSimpleName(),
            partitions,
            deleteAfter(Duration.ofDays(7), RecordLimits.QUERY),
            "applications, gateway, console",
            "router"),
        requestSpec(requestsPrefix() + LLM_PLACEHOLDER),
        requestSpec(requestsPrefix() + LLM_PLACEHOLDER + BATCH_SUFFIX),
        new TopicSpec(
            decisions(),
            "query id",
            RoutingDecision.class.getSimpleName(),
            partitions,
            deleteAfter(Duration.ofDays(7), RecordLimits.DECISION),
            "router",
            "learner, gateway, console, analysts"),
        new TopicSpec(
            outcomes(),
            "query id",
            Outcome.class.getSimpleName(),
            partitions,
            deleteAfter(Duration.ofDays(7), RecordLimits.OUTCOME),
            "workers",
            "graders, gateway, learner, console"),
        new TopicSpec(
            feedback(),
            "query id",
            Grade.class.getSimpleName(),
            partitions,
            deleteAfter(Duration.ofDays(30), RecordLimits.GRADE),
            "graders, gateway, applications, console",
            "learner, console"),
        new TopicSpec(
            samples(),
            "query id",
            TrainingSample.class.getSimpleName(),
            1,
            deleteAfter(Duration.ofDays(90), RecordLimits.SAMPLE),
            "learner",
            "learner, trainer, gate, console"),
        new TopicSpec(
            posteriors(),
            "model version",
            Posterior.class.getSimpleName(),
            1,
            compacted(RecordLimits.POSTERIOR),
            "learner",
            "routers, console"),
        new TopicSpec(
            models(),
            "version and chunk or event",
            RouterModelRecord.class.getSimpleName(),
            1,
            compacted(RecordLimits.MODEL),
            "trainer, gate, operators, console",
            "routers, trainer, console"),
        new TopicSpec(
            llms(),
            "LLM id",
            LlmProfile.class.getSimpleName(),
            1,
            compacted(RecordLimits.LLM),
            "operators",
            "routers, workers, learner, console"),
        new TopicSpec(
            tenants(),
            "tenant",
            Tenant.class.getSimpleName(),
            1,
            compacted(RecordLimits.TENANT),
            "operators",
            "routers, gateway"),
        new TopicSpec(
            keys(),
            "id of the key",
            ApiKey.class.getSimpleName(),
            1,
            compacted(RecordLimits.API_KEY),
            "operators",
            "gateway, console"),
        new TopicSpec(
            budgetEvents(),
            "tenant",
            BudgetEvent.class.getSimpleName(),
            partitions,
            deleteAfter(Duration.ofDays(1), RecordLimits.TENANT),
            "router",
            "router that owns the tenant"),
        new TopicSpec(
            budgets(),
            "tenant",
            BudgetState.class.getSimpleName(),
            1,
            compacted(RecordLimits.TENANT),
            "router that owns the tenant",
            "routers, console"),
        new TopicSpec(
            replies(),
            "ask of the gateway",
            Reply.class.getSimpleName(),
            REPLY_PARTITIONS,
            deleteAfter(Duration.ofHours(1), RecordLimits.REPLY),
            "router, workers",
            "the gateway that asked, console"),
        new TopicSpec(
            cancellations(),
            "query id",
            Cancellation.class.getSimpleName(),
            1,
            deleteAfter(Duration.ofHours(1), RecordLimits.SIGNAL),
            "gateway, console",
            "workers"),
        new TopicSpec(
            availability(),
            "LLM id and worker id",
            LlmAvailability.class.getSimpleName(),
            1,
            soonCompacted(RecordLimits.SIGNAL),
            "workers",
            "routers, workers, console"),
        new TopicSpec(
            dlq(),
            "key of the refused record",
            "bytes of the refused record",
            1,
            deleteAfter(Duration.ofDays(30), RecordLimits.DEAD_LETTER),
            "router, workers, learner",
            "gateway, console, operators"));
  }

  /** The request topic of one LLM. */
  public TopicSpec requestsSpec(String llmId) {
    return requestSpec(requests(llmId));
  }

  /** The request topics of one LLM, of all priorities. */
  public List<TopicSpec> requestsSpecs(String llmId) {
    return Arrays.stream(Priority.values())
        .map(priority -> requestSpec(requests(llmId, priority)))
        .toList();
  }

  /**
   * The request topics among those that are there, of whichever LLMs, by name.
   *
   * @param names of topics of the cluster
   */
  public List<TopicSpec> requestsSpecsAmong(Collection<String> names) {
    String start = requestsPrefix();
    return names.stream()
        .filter(name -> name.startsWith(start) && name.length() > start.length())
        .sorted()
        .map(this::requestSpec)
        .toList();
  }

  private TopicSpec requestSpec(String name) {
    return new TopicSpec(
        name,
        "query id",
        RoutedRequest.class.getSimpleName(),
        partitions,
        deleteAfter(Duration.ofDays(1), RecordLimits.REQUEST),
        "router, workers",
        "workers of that LLM");
  }

  /** The part of a topic name that stands for an LLM: what Kafka forbids becomes {@code '-'}. */
  public static String sanitise(String llmId) {
    return llmId.replaceAll("[^A-Za-z0-9._-]", "-");
  }

  /** The catalogue as a Markdown table, for the documentation. */
  public String toMarkdown() {
    return TopicTable.markdown(topics());
  }

  private static Map<String, String> deleteAfter(Duration retention, ValueLimit limit) {
    return Map.of(
        CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_DELETE,
        RETENTION_MS_CONFIG, Long.toString(retention.toMillis()),
        MAX_MESSAGE_BYTES_CONFIG, Integer.toString(limit.maxMessageBytes()));
  }

  /**
   * For what repeats itself every few seconds: a closed segment alone is compacted, so they are
   * small, or a new reader would read a week of repetitions.
   */
  private static Map<String, String> soonCompacted(ValueLimit limit) {
    Map<String, String> config = new HashMap<>(compacted(limit));
    config.put(SEGMENT_BYTES_CONFIG, Integer.toString(4 << 20));
    config.put(SEGMENT_MS_CONFIG, Long.toString(Duration.ofHours(1).toMillis()));
    return Map.copyOf(config);
  }

  private static Map<String, String> compacted(ValueLimit limit) {
    return Map.of(
        CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT,
        // a follower that was down for a week must still see the tombstone of a retired LLM or
        // tenant
        DELETE_RETENTION_MS_CONFIG, Long.toString(Duration.ofDays(7).toMillis()),
        MAX_MESSAGE_BYTES_CONFIG, Integer.toString(limit.maxMessageBytes()));
  }
}
