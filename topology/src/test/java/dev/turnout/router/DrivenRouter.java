package dev.turnout.router;

import dev.turnout.availability.Unavailable;
import dev.turnout.budget.BudgetView;
import dev.turnout.config.SettingValues;
import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingState;
import dev.turnout.control.tenant.TenantDirectory;
import dev.turnout.control.tenant.TenantTerms;
import dev.turnout.model.RouterModel;
import dev.turnout.router.decide.BudgetAdmission;
import dev.turnout.router.decide.Decider;
import dev.turnout.router.emit.RouteProcessor;
import dev.turnout.router.encode.BatchEncoding;
import dev.turnout.router.intake.QueryIntake;
import dev.turnout.router.intake.TextCheck;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.streams.FailureHandling;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.topic.ForwardedHeaders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The router's topology without a broker, with the interceptor's work done on demand. */
public final class DrivenRouter implements AutoCloseable {
  private static final AtomicInteger SCOPES = new AtomicInteger();

  final ServingState live = new ServingState();
  final TinyEncoder encoder = new TinyEncoder();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, Object> serdes =
      Map.of("schema.registry.url", "mock://driven-" + SCOPES.incrementAndGet());
  public final Map<String, BudgetView> budgets = new ConcurrentHashMap<>();
  private TenantDirectory tenants = TenantDirectory.empty();
  private final RouterSettings settings;
  private final BatchEncoding encoding;
  private final TopologyTestDriver driver;

  public DrivenRouter(RouterSettings driven) {
    settings = driven;
    RouterMetrics metrics = new RouterMetrics(meters);
    FailureHandling failures = FailureHandling.of("router", settings.topics().dlq(), 0, meters);
    QueryIntake intake =
        new QueryIntake(
            settings.topics().queries(),
            AvroSerdes.of(Query.class, serdes).deserializer(),
            new TextCheck(settings.maxTextBytes()));
    encoding =
        new BatchEncoding(
            settings.topics().queries(),
            intake,
            encoder,
            metrics,
            Clock.systemUTC(),
            Runnable::run);
    Properties config = RouterStreamsConfig.of(settings, 16, encoding, failures);
    driver =
        new TopologyTestDriver(
            RouterTopology.of(
                settings,
                serdes,
                () ->
                    new RouteProcessor(
                        intake,
                        encoding,
                        new Decider(
                            live,
                            settings,
                            CandidateRefiner.none(),
                            new BudgetAdmission(() -> tenants, () -> 1, budgets::get),
                            () -> tenants),
                        ForwardedHeaders.named(settings.forwardedHeaders()),
                        RouterStreamsConfig.commitPace(settings),
                        metrics,
                        Telemetry.off(),
                        Clock.systemUTC()),
                failures),
            config);
  }

  /** Settings of a router that no broker drives. */
  public static RouterSettings settings(String... keysAndTexts) {
    Map<String, String> texts = new HashMap<>();
    texts.put("router.id", "driven");
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
    }
    return RouterSettings.from(SettingValues.of(texts), "test");
  }

  /** From now on these tenants hold, and no other. */
  public DrivenRouter withTenants(TenantTerms... terms) {
    tenants = TenantDirectory.of(List.of(terms));
    return this;
  }

  public DrivenRouter withModel(String version) {
    live.serve(TinyModels.model(version, TinyModels.LLMS), null, Rollout.nothing());
    return this;
  }

  /** Lets a model serve. */
  public DrivenRouter withModel(RouterModel model) {
    live.serve(model, null, Rollout.nothing());
    return this;
  }

  DrivenRouter withModels(String serving, String staged, double share) {
    live.serve(
        TinyModels.model(serving, TinyModels.LLMS),
        TinyModels.model(staged, TinyModels.LLMS),
        new Rollout(null, new Rollout.Stage(staged, share, Instant.EPOCH), null));
    return this;
  }

  public DrivenRouter withLlms(LlmProfile... profiles) {
    live.replaceDirectory(
        LlmDirectory.of(Arrays.stream(profiles).map(p -> new RegisteredLlm(p, null)).toList()));
    return this;
  }

  /** From now on these LLMs cannot answer, and no other. */
  DrivenRouter withUnavailable(Map<String, Unavailable> llms) {
    live.replaceUnavailable(llms);
    return this;
  }

  public DrivenRouter withAllLlms() {
    return withLlms(
        TinyModels.LLMS.stream()
            .map(llm -> TinyModels.profile(llm).build())
            .toArray(LlmProfile[]::new));
  }

  public static Query.Builder query(String id, String text) {
    return Query.newBuilder().setId(id).setText(text);
  }

  public byte[] bytes(Query query) {
    byte[] bytes =
        AvroSerdes.of(Query.class, serdes)
            .serializer()
            .serialize(settings.topics().queries(), query);
    if (bytes == null) {
      throw new AssertionError("no bytes for " + query);
    }
    return bytes;
  }

  /** Publishes queries as one polled batch. */
  public void publish(Query... queries) {
    List<byte @Nullable []> values = new ArrayList<>();
    for (Query query : queries) {
      values.add(bytes(query));
    }
    publish(values);
  }

  /** Publishes values as one polled batch. */
  public void publish(List<byte @Nullable []> values) {
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      batch.add(record(i, values.get(i)));
    }
    TopicPartition partition = new TopicPartition(settings.topics().queries(), 0);
    encoding.encodeAhead(
        new ConsumerRecords<>(
            Map.of(partition, batch), Map.of(partition, new OffsetAndMetadata(values.size()))));
    batch.forEach(this::pipe);
  }

  /** Publishes values past the interceptor. */
  public void publishUnprepared(List<byte @Nullable []> values) {
    for (int i = 0; i < values.size(); i++) {
      pipe(record(i, values.get(i)));
    }
  }

  @SuppressWarnings("NullAway") // a tombstone's value is null
  private ConsumerRecord<byte[], byte[]> record(int offset, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        settings.topics().queries(), 0, offset, "key".getBytes(StandardCharsets.UTF_8), value);
  }

  private void pipe(ConsumerRecord<byte[], byte[]> record) {
    RecordHeaders headers = new RecordHeaders(record.headers());
    headers.add("producers-own", new byte[] {1});
    headers.add("traceparent", new byte[] {2});
    driver
        .createInputTopic(
            settings.topics().queries(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(
            new TestRecord<>(record.key(), record.value(), headers, System.currentTimeMillis()));
  }

  public List<TestRecord<String, RoutingDecision>> decisions() {
    return output(
        settings.topics().decisions(), AvroSerdes.of(RoutingDecision.class, serdes).deserializer());
  }

  public RoutingDecision onlyDecision() {
    List<TestRecord<String, RoutingDecision>> decisions = decisions();
    if (decisions.size() != 1) {
      throw new AssertionError("expected one decision, got " + decisions);
    }
    return decisions.get(0).value();
  }

  List<TestRecord<String, RoutedRequest>> requests(String llm) {
    return output(
        settings.topics().requests(llm), AvroSerdes.of(RoutedRequest.class, serdes).deserializer());
  }

  /** Ids of the queries that were sent to any of some LLMs. */
  public List<String> requested(List<String> llms) {
    return llms.stream().flatMap(llm -> requests(llm).stream()).map(TestRecord::key).toList();
  }

  public List<TestRecord<String, BudgetEvent>> spending() {
    return output(
        settings.topics().budgetEvents(), AvroSerdes.of(BudgetEvent.class, serdes).deserializer());
  }

  /** What gateways are told. */
  public List<TestRecord<String, Reply>> replies() {
    return output(settings.topics().replies(), AvroSerdes.of(Reply.class, serdes).deserializer());
  }

  public List<TestRecord<String, byte[]>> deadLetters() {
    return output(settings.topics().dlq(), new ByteArrayDeserializer());
  }

  private <V> List<TestRecord<String, V>> output(String topic, Deserializer<V> values) {
    TestOutputTopic<String, V> output =
        driver.createOutputTopic(topic, new StringDeserializer(), values);
    return output.readRecordsToList();
  }

  public static String header(TestRecord<?, ?> record, String key) {
    Header header = record.headers().lastHeader(key);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  public double count(String counter) {
    var found = meters.find(counter).counters();
    return found.stream().mapToDouble(c -> c.count()).sum();
  }

  @Override
  public void close() {
    driver.close();
  }
}
