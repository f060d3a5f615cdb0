package dev.turnout.topic;

import static dev.turnout.topic.FieldLimit.entries;
import static dev.turnout.topic.FieldLimit.single;
import static dev.turnout.topic.FieldLimit.texts;
import static java.util.Map.entry;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * How large each field of Turnout's records may be: every field of no fixed size has a limit here,
 * a test of the schemas holds that, and what enters is checked against it. From these limits follow
 * those of whole records, {@link RecordLimits}.
 *
 * <p>Limits are bytes of UTF-8, since that is what counts on a topic.
 */
public final class FieldLimits {
  private static final int KIB = 1024;
  private static final int MIB = KIB * KIB;

  /** Id of a query: a key of many records, kept in many states. */
  public static final int QUERY_ID = KIB;

  /** Text of a query, whatever a router's own {@code router.max-text-bytes} leaves of it. */
  public static final int TEXT = 2 * MIB;

  /** Name of a tenant. */
  public static final int TENANT = 256;

  /** Id of a session. */
  public static final int SESSION = KIB;

  /** Name of a policy. */
  public static final int POLICY = 128;

  /** Entries of a query's metadata. */
  public static final int METADATA_ENTRIES = 256;

  /** Names and values of a query's metadata together. */
  public static final int METADATA = 64 * KIB;

  /** Body of a chat request, pictures in it. */
  public static final int CHAT = 4 * MIB;

  /** Earlier messages that routing and grading look at. */
  public static final int TURNS = 32;

  /** What is kept of an earlier message. */
  public static final int TURN = 8 * KIB;

  /** Who said a message. */
  public static final int TURN_ROLE = 32;

  /** Capabilities of an LLM, or needed of one. */
  public static final int CAPABILITIES = 64;

  /** Tells one call of a gateway from all others. */
  public static final int ASK = 128;

  /** Name of a topic, as Kafka limits it. */
  public static final int TOPIC = 249;

  /** LLMs of an installation, of an allow-list and of a router model. */
  public static final int LLMS = 200;

  /** Id of an LLM. */
  public static final int LLM_ID = 256;

  /** Cells of all of a router model's clusterings together. */
  public static final int CELLS = 128;

  /** Dimensions of an embedding. */
  public static final int DIMENSIONS = 8_192;

  /** Version of a router model. */
  public static final int MODEL_VERSION = 256;

  /** Id of an encoder. */
  public static final int ENCODER_ID = 256;

  /** Name of a router, a worker or another instance of a role. */
  public static final int INSTANCE = 256;

  /** What was decided, or became of a model, in words. */
  public static final int REASON = 4 * KIB;

  /** Why an LLM may not answer, in words. */
  public static final int INELIGIBLE_REASON = 512;

  /** An LLM's answer. */
  public static final int ANSWER = 2 * MIB;

  /** An LLM's whole response, with the answer escaped in it. */
  public static final int RESPONSE = 4 * MIB;

  /** Pieces of an answer that travel in one record. */
  public static final int CHUNKS = 1_000;

  /** What the pieces of an answer in one record take together. */
  public static final int CHUNK_BYTES = 256 * KIB;

  /** Why there is no answer, in words. */
  public static final int ERROR = 4 * KIB;

  /** An LLM's own words on a request that it refused. */
  public static final int ERROR_BODY = 16 * KIB;

  /** Where an LLM is asked. */
  public static final int ENDPOINT = KIB;

  /** Other LLMs that were asked for a query before. */
  public static final int TRAIL = 16;

  /** Id of a grader. */
  public static final int GRADER = 256;

  /** A grader's words. */
  public static final int COMMENT = 16 * KIB;

  /** Part of a router model that travels in one record; such records stay below Kafka's 1 MB. */
  public static final int MODEL_CHUNK = 800 * KIB;

  /** Names and values of what is reported of a router model. */
  public static final int REPORT = 128 * KIB;

  /** Graders whose trust is published, and changes that are. */
  public static final int POSTERIOR_NOTES = 100;

  /** A change as posteriors put it into words. */
  public static final int CHANGE = KIB;

  /** What a profile says of an LLM. */
  public static final int DESCRIPTION = 4 * KIB;

  /** Id of a key of the gateway. */
  public static final int API_KEY_ID = 64;

  /** Names that a key may grade under. */
  public static final int KEY_GRADERS = 16;

  /** Tenants that a key may read of. */
  public static final int KEY_TENANTS = 64;

  private static final FieldLimit EMBEDDING = single(2 * DIMENSIONS);

  /** Some 40 traits of 4 bytes and at most 512 words of 2. */
  private static final FieldLimit SURFACE = single(2_048);

  private static final FieldLimit ALL_LLMS = texts(LLMS, LLM_ID);
  private static final FieldLimit METADATA_LIMIT = new FieldLimit(METADATA_ENTRIES, METADATA);
  private static final FieldLimit PER_CELL = entries(LLMS * CELLS);

  private static final Map<String, FieldLimit> LIMITS =
      Map.ofEntries(
          entry("Query.id", single(QUERY_ID)),
          entry("Query.text", single(TEXT)),
          entry("Query.tenant", single(TENANT)),
          entry("Query.session", single(SESSION)),
          entry("Query.replyTo", single(TOPIC)),
          entry("Query.metadata", METADATA_LIMIT),
          entry("ChatRequest.body", single(CHAT)),
          entry("Needs.capabilities", new FieldLimit(CAPABILITIES, 4 * KIB)),
          entry("ReplyAddress.ask", single(ASK)),
          entry("Conversation.turns", entries(TURNS)),
          entry("Conversation.previousLlm", single(LLM_ID)),
          entry("Turn.role", single(TURN_ROLE)),
          entry("Turn.text", single(TURN)),
          entry("RoutedRequest.trail", entries(TRAIL)),
          entry("Attempt.llm", single(LLM_ID)),
          entry("Attempt.error", single(ERROR)),
          entry("QueryConstraints.allowedLlms", ALL_LLMS),
          entry("QueryConstraints.policy", single(POLICY)),
          entry("RoutingDecision.queryId", single(QUERY_ID)),
          entry("RoutingDecision.tenant", single(TENANT)),
          entry("RoutingDecision.llm", single(LLM_ID)),
          entry("RoutingDecision.ranking", entries(LLMS)),
          entry("RoutingDecision.policy", single(POLICY)),
          entry("RoutingDecision.modelVersion", single(MODEL_VERSION)),
          entry("RoutingDecision.encoderId", single(ENCODER_ID)),
          entry("RoutingDecision.routerId", single(INSTANCE)),
          entry("RoutingDecision.routerVersion", single(INSTANCE)),
          entry("RoutingDecision.reason", single(REASON)),
          entry("RoutingDecision.embedding", EMBEDDING),
          entry("RoutingDecision.surface", SURFACE),
          entry("RoutingDecision.shadow", ALL_LLMS),
          entry("RoutingDecision.stagedModelVersion", single(MODEL_VERSION)),
          entry("RoutingDecision.stagedLlm", single(LLM_ID)),
          entry("RoutingDecision.previousLlm", single(LLM_ID)),
          entry("LlmScore.llm", single(LLM_ID)),
          entry("LlmScore.ineligibleReason", single(INELIGIBLE_REASON)),
          entry("Outcome.queryId", single(QUERY_ID)),
          entry("Outcome.llm", single(LLM_ID)),
          entry("Outcome.answer", single(ANSWER)),
          entry("Outcome.error", single(ERROR)),
          entry("Outcome.worker", single(INSTANCE)),
          entry("Outcome.tenant", single(TENANT)),
          entry("Outcome.queryText", single(TEXT)),
          entry("Outcome.metadata", METADATA_LIMIT),
          entry("Outcome.response", single(RESPONSE)),
          entry("Outcome.errorBody", single(ERROR_BODY)),
          entry("Outcome.trail", entries(TRAIL)),
          entry("Outcome.session", single(SESSION)),
          entry("Reply.ask", single(ASK)),
          entry("Reply.queryId", single(QUERY_ID)),
          entry("Reply.llm", single(LLM_ID)),
          entry("Reply.modelVersion", single(MODEL_VERSION)),
          entry("Reply.call", single(ASK)),
          entry("Reply.chunks", new FieldLimit(CHUNKS, CHUNK_BYTES)),
          entry("Reply.reason", single(INSTANCE)),
          entry("Reply.detail", single(REASON)),
          entry("Cancellation.queryId", single(QUERY_ID)),
          entry("Cancellation.ask", single(ASK)),
          entry("Cancellation.reason", single(REASON)),
          entry("LlmAvailability.llm", single(LLM_ID)),
          entry("LlmAvailability.worker", single(INSTANCE)),
          entry("LlmAvailability.reason", single(REASON)),
          entry("LlmAvailability.endpoint", single(ENDPOINT)),
          entry("Grade.queryId", single(QUERY_ID)),
          entry("Grade.llm", single(LLM_ID)),
          entry("Grade.grader", single(GRADER)),
          entry("Grade.comment", single(COMMENT)),
          entry("TrainingSample.queryId", single(QUERY_ID)),
          entry("TrainingSample.tenant", single(TENANT)),
          entry("TrainingSample.embedding", EMBEDDING),
          entry("TrainingSample.surface", SURFACE),
          entry("TrainingSample.encoderId", single(ENCODER_ID)),
          entry("TrainingSample.llm", single(LLM_ID)),
          entry("TrainingSample.propensities", entries(LLMS)),
          entry("TrainingSample.llms", ALL_LLMS),
          entry("TrainingSample.policy", single(POLICY)),
          entry("TrainingSample.modelVersion", single(MODEL_VERSION)),
          entry("TrainingSample.grader", single(GRADER)),
          entry("Posterior.modelVersion", single(MODEL_VERSION)),
          entry("Posterior.llms", ALL_LLMS),
          entry("Posterior.correction", PER_CELL),
          entry("Posterior.deviation", PER_CELL),
          entry("Posterior.count", PER_CELL),
          entry("Posterior.costUsd", entries(LLMS)),
          entry("Posterior.latencyMs", entries(LLMS)),
          entry("Posterior.cellCostUsd", PER_CELL),
          entry("Posterior.cellLatencyMs", PER_CELL),
          entry("Posterior.cellOutputTokens", PER_CELL),
          entry("Posterior.trust", texts(POSTERIOR_NOTES, GRADER)),
          entry("Posterior.changes", texts(POSTERIOR_NOTES, CHANGE)),
          entry("RouterModelRecord.version", single(MODEL_VERSION)),
          entry("RouterModelRecord.payload", single(MODEL_CHUNK)),
          entry("RouterModelRecord.digest", single(128)),
          entry("RouterModelRecord.encoderId", single(ENCODER_ID)),
          entry("RouterModelRecord.parent", single(MODEL_VERSION)),
          entry("RouterModelRecord.reason", single(REASON)),
          entry("RouterModelRecord.report", new FieldLimit(KIB, REPORT)),
          entry("LlmProfile.id", single(LLM_ID)),
          entry("LlmProfile.topic", single(TOPIC)),
          entry("LlmProfile.capabilities", new FieldLimit(CAPABILITIES, 4 * KIB)),
          entry("LlmProfile.embedding", single(Float.BYTES * DIMENSIONS)),
          entry("LlmProfile.embeddingModelVersion", single(MODEL_VERSION)),
          entry("LlmProfile.description", single(DESCRIPTION)),
          entry("Tenant.tenant", single(TENANT)),
          entry("ApiKey.id", single(API_KEY_ID)),
          entry("ApiKey.hash", single(64)),
          entry("ApiKey.tenant", single(TENANT)),
          entry("ApiKey.description", single(DESCRIPTION)),
          entry("ApiKey.graders", texts(KEY_GRADERS, GRADER)),
          entry("ApiKey.readTenants", texts(KEY_TENANTS, TENANT)),
          entry("ApiKey.allowedLlms", ALL_LLMS),
          entry("BudgetEvent.tenant", single(TENANT)),
          entry("BudgetEvent.queryId", single(QUERY_ID)),
          entry("BudgetEvent.llm", single(LLM_ID)),
          entry("BudgetState.tenant", single(TENANT)));

  /** By place of the field, for the schemas that were met; every query passes through here. */
  private static final Map<Schema, @Nullable FieldLimit[]> BY_PLACE = new ConcurrentHashMap<>();

  private FieldLimits() {}

  /** Every limit by record and field, e.g. {@code Query.id}. */
  static SortedMap<String, FieldLimit> all() {
    return new TreeMap<>(LIMITS);
  }

  /**
   * The limit of a field; null for one of a fixed size, or a record of its own.
   *
   * @param record the schema that declares the field
   */
  static @Nullable FieldLimit of(Schema record, String field) {
    return LIMITS.get(record.getName() + "." + field);
  }

  /**
   * The first field of a record that is larger than its limit.
   *
   * @return in words, e.g. {@code constraints.policy has 2202009 bytes, the limit is 128}; null if
   *     every field keeps to its limit
   */
  public static @Nullable String excess(IndexedRecord record) {
    return excess(record, "");
  }

  private static @Nullable String excess(IndexedRecord record, String path) {
    Schema schema = record.getSchema();
    @Nullable FieldLimit[] limits =
        BY_PLACE.computeIfAbsent(
            schema,
            met ->
                met.getFields().stream()
                    .map(field -> of(met, field.name()))
                    .toArray(FieldLimit[]::new));
    for (int place = 0; place < limits.length; place++) {
      Object value = record.get(place);
      if (value == null) {
        continue;
      }
      String field = schema.getFields().get(place).name();
      FieldLimit limit = limits[place];
      String excess = limit == null ? null : limit.excess(value);
      if (excess != null) {
        return path + field + " " + excess;
      }
      String within = within(value, path, field);
      if (within != null) {
        return within;
      }
    }
    return null;
  }

  private static @Nullable String within(Object value, String path, String field) {
    if (value instanceof IndexedRecord record) {
      return excess(record, path + field + ".");
    }
    if (value instanceof Collection<?> items) {
      for (Object item : items) {
        String excess =
            item instanceof IndexedRecord record ? excess(record, path + field + ".") : null;
        if (excess != null) {
          return excess;
        }
      }
    }
    return null;
  }
}
