package dev.turnout.worker;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.ENDPOINT;
import static dev.turnout.config.SettingKind.FLAG;
import static dev.turnout.config.SettingKind.SECRET;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.choice;
import static dev.turnout.config.SettingKind.text;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import dev.turnout.llm.http.Dialect;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.llm.http.RequestHeaders;
import dev.turnout.schema.Priority;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import dev.turnout.worker.failover.FailOverSettings;
import dev.turnout.worker.failover.Probe;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How to run a pool of workers for one LLM. What a component does, which values it takes and what
 * it is unless set stands at its key, below.
 *
 * @param groupId name of the group; all workers of one LLM and delivery share it
 * @param workerId written into every outcome
 * @param consumers multiplies {@code concurrency}; a consumer group has so many members here
 * @param concurrency a slot takes its next request as soon as the one before is answered
 * @param adaptive whether fewer are in flight while the LLM refuses for load or slows down
 * @param maxDeliveries deliveries that ask the LLM; a share group is given more, on which the
 *     worker writes what became of a request that no worker lived to answer
 * @param retryDelay grows with each delivery
 * @param grace how long a closing worker waits for answers under way
 * @param failOver what it does when its LLM fails
 */
public record WorkerSettings(
    ConnectionSettings connection,
    String llm,
    Delivery delivery,
    String groupId,
    String workerId,
    int consumers,
    int concurrency,
    boolean adaptive,
    int maxDeliveries,
    Duration retryDelay,
    Duration grace,
    FailOverSettings failOver)
    implements RoleSettings {

  /** The keys {@code worker.*}. */
  public static final SettingGroup KEYS = SettingGroup.closed("worker", "turnout worker");

  private static final int TEXT_OUTPUT_TOKENS = 1024;

  private static final Setting<String> LLM =
      KEYS.key("llm", text(FieldLimits.LLM_ID))
          .doc("Id of the LLM whose requests this pool answers.");
  private static final Setting<URI> URL =
      KEYS.key("url", ENDPOINT)
          .doc("Endpoint of the LLM, e.g. http://localhost:8000/v1; a query string is kept.");
  private static final Setting<String> MODEL =
      KEYS.key("model", TEXT).doc("Model name to ask that endpoint for; empty is the LLM's id.");
  private static final Setting<String> API_KEY =
      KEYS.key("api-key", SECRET)
          .doc("Key of the endpoint; better as ${SOME_VARIABLE} than in the file.");
  private static final Setting<Dialect> DIALECT =
      KEYS.key("dialect", choice(Dialect.class))
          .doc(
              "What the endpoint speaks; empty is openai, azure, anthropic or ollama by its address,"
                  + " else compatible, which sends every parameter as the client did.");
  private static final Setting<Map<String, String>> HEADERS =
      KEYS.key("extra-headers", RequestHeaders.KIND)
          .doc("Further headers of each request to the endpoint.");
  private static final Setting<Delivery> DELIVERY =
      KEYS.key("delivery", choice(Delivery.class), "consumer-group")
          .doc(
              "How workers share the requests; a consumer group is quicker and costs less, a share"
                  + " group may have more workers than partitions. Changed on a running pool, it goes"
                  + " on where the other left off.");
  private static final Setting<Integer> CONSUMERS =
      KEYS.key("consumers", whole(1, 1000), 1)
          .doc(
              "Members of a consumer group in this process. A share group has one for each request"
                  + " in flight, and needs no setting.");
  private static final Setting<Integer> CONCURRENCY =
      KEYS.key("concurrency", whole(1, 10_000), 8)
          .doc(
              "Most requests in flight, times worker.consumers. A share group takes 200 members"
                  + " unless group.share.max.size of the brokers is raised.");
  private static final Setting<Boolean> ADAPTIVE =
      KEYS.key("adaptive-concurrency", FLAG, true)
          .doc(
              "Fewer requests in flight while the LLM answers 429 or slows down, more again when it"
                  + " does not.");
  private static final Setting<Duration> TIMEOUT =
      KEYS.key("timeout", DURATION, LlmEndpoint.DEFAULT_TIMEOUT.toSeconds() + "s")
          .doc("Longest wait for one whole answer.");
  private static final Setting<Duration> IDLE_TIMEOUT =
      KEYS.key("idle-timeout", DURATION, LlmEndpoint.DEFAULT_IDLE_TIMEOUT.toSeconds() + "s")
          .doc("Longest pause between two pieces of an answer that streams.");
  private static final Setting<Integer> ATTEMPTS =
      KEYS.key("attempts", whole(1, 100), LlmEndpoint.DEFAULT_ATTEMPTS)
          .doc("Calls of the LLM for one request before it goes on to another LLM, or fails.");
  private static final Setting<Integer> FAILOVERS =
      KEYS.key("failovers", whole(0, FieldLimits.TRAIL), 2)
          .doc("Other LLMs that a request may go on to, one after the other, when this one fails.");
  private static final Setting<Duration> PATIENCE =
      KEYS.key("patience", DURATION, "10s")
          .doc(
              "How long a request that no other LLM may answer waits for this one to be available"
                  + " again before it fails.");
  private static final Setting<Duration> HEARTBEAT =
      KEYS.key("heartbeat", DURATION, "5s")
          .doc(
              "How often a worker repeats whether its LLM is available; silent for four times as"
                  + " long, it counts as dead.");
  private static final Setting<Probe> PROBE =
      KEYS.key("probe", choice(Probe.class), "completion")
          .doc(
              "How a worker finds out that its LLM is back: by asking it for a few tokens, or by the"
                  + " next request.");
  private static final Setting<Integer> MAX_DELIVERIES =
      KEYS.key("max-deliveries", whole(1, 100), 5)
          .doc(
              "Deliveries that ask the LLM before a request has failed; a share group needs one"
                  + " more of the broker (group.share.max.delivery.count.limit, 10).");
  private static final Setting<Duration> RETRY_DELAY =
      KEYS.key("retry-delay", DURATION, "1s").doc("Pause before a failed request is given back.");
  private static final Setting<Integer> MAX_OUTPUT_TOKENS =
      KEYS.key("max-output-tokens", whole(1))
          .doc(
              "Longest answer in tokens where the client gives no limit; empty is 1024 to a query of"
                  + " text alone, and to a chat what the LLM itself allows.");

  /**
   * Binds the settings.
   *
   * @throws dev.turnout.config.ConfigException if no LLM is named
   */
  public static WorkerSettings from(SettingValues values) {
    ConnectionSettings connection = ConnectionSettings.from(values);
    String llm = llm(values);
    return new WorkerSettings(
        connection,
        llm,
        values.get(DELIVERY),
        values.get(DELIVERY).group(connection.topics(), llm),
        "worker-" + UUID.randomUUID().toString().substring(0, 8),
        values.get(CONSUMERS),
        values.get(CONCURRENCY),
        values.get(ADAPTIVE),
        values.get(MAX_DELIVERIES),
        values.get(RETRY_DELAY),
        Duration.ofSeconds(10),
        new FailOverSettings(
            values.get(ATTEMPTS),
            values.get(FAILOVERS),
            values.get(PATIENCE),
            values.get(HEARTBEAT),
            values.get(PROBE),
            place(values, llm)));
  }

  /**
   * How to ask the LLM.
   *
   * @throws dev.turnout.config.ConfigException naming the key that is missing
   */
  public static LlmEndpoint endpoint(SettingValues values) {
    return endpoint(values, llm(values));
  }

  /**
   * How to ask the LLM, for who only tries its endpoint.
   *
   * @param llm name of the LLM in messages
   * @throws dev.turnout.config.ConfigException naming the key that is missing
   */
  public static LlmEndpoint endpoint(SettingValues values, String llm) {
    URI url =
        values.required(
            URL,
            "the endpoint of the LLM, e.g. http://localhost:8000/v1 or https://api.openai.com/v1");
    Dialect dialect = values.find(DIALECT).orElseGet(() -> Dialect.of(url));
    if (dialect == Dialect.AZURE
        && String.valueOf(url.getPath()).contains("/deployments/")
        && !String.valueOf(url.getQuery()).contains("api-version=")) {
      values.report(
          URL,
          "Azure wants the version of its API; add ?api-version=..., e.g. ?api-version=2024-10-21");
    }
    Optional<Integer> longest = values.find(MAX_OUTPUT_TOKENS);
    return new LlmEndpoint(
        llm,
        url,
        values.find(MODEL).orElse(llm),
        dialect,
        values.find(API_KEY).orElse(null),
        values.find(HEADERS).orElse(Map.of()),
        new LlmEndpoint.Waits(values.get(TIMEOUT), values.get(IDLE_TIMEOUT)),
        // the worker itself asks again, since it knows who else could answer
        1,
        new LlmEndpoint.OutputLimits(longest.orElse(TEXT_OUTPUT_TOKENS), longest.orElse(0)),
        null);
  }

  /** How workers share the requests, for who asks about no LLM. */
  public static Delivery delivery(SettingValues values) {
    return values.get(DELIVERY);
  }

  /** The LLM that is named, if one is. */
  public static List<String> llms(SettingValues values) {
    return values.find(LLM).stream().toList();
  }

  /** Workers that ask the same model at the same place find the same. */
  private static String place(SettingValues values, String llm) {
    return values
        .find(URL)
        .map(url -> LlmEndpoint.withoutSecrets(url) + " " + values.find(MODEL).orElse(llm))
        .map(text -> BoundedText.cut(text, FieldLimits.ENDPOINT))
        .orElse("");
  }

  private static String llm(SettingValues values) {
    return values.required(LLM, "the id of the LLM to answer for");
  }

  /** Group of the workers that would answer the same requests by the other delivery. */
  String otherGroupId() {
    return delivery.other().group(topics(), llm);
  }

  /** An installation of before has no topic for batch; its workers do without. */
  @Override
  public List<String> requiredTopics() {
    return List.of(
        requestTopic(Priority.INTERACTIVE),
        topics().outcomes(),
        topics().replies(),
        topics().cancellations(),
        topics().dlq(),
        topics().llms(),
        topics().availability());
  }

  /** Name of the topic the requests of a priority come from. */
  String requestTopic(Priority priority) {
    return topics().requests(llm, priority);
  }

  /** Names of all topics the requests come from. */
  List<String> requestTopics() {
    return Arrays.stream(Priority.values()).map(this::requestTopic).toList();
  }

  /** Most requests in flight in this process. */
  int slots() {
    return consumers * concurrency;
  }
}
