package dev.turnout.learner;

import dev.turnout.config.SettingValues;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.router.RealKafka;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.HalfPrecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Topics of their own with three LLMs and queries whose best LLM depends on where they lie. Queries
 * and grades are the same in every world, so that what is learnt can be compared.
 */
final class LearnerWorld implements AutoCloseable {
  static final Duration PATIENCE = RealKafka.PATIENCE;
  private static final List<String> LLMS = TinyModels.LLMS;

  final RealKafka kafka;
  private final Instant beginning;

  private LearnerWorld(RealKafka kafka, Instant beginning) {
    this.kafka = kafka;
    this.beginning = beginning;
  }

  /**
   * Creates one.
   *
   * @param beginning time of the first query: recent, so that nothing expires, and the same in
   *     worlds that are compared
   */
  static LearnerWorld create(String prefix, Instant beginning) throws InterruptedException {
    LearnerWorld world = new LearnerWorld(RealKafka.withTopics(prefix, 1), beginning);
    try (LlmPublisher llms =
        LlmPublisher.open(world.kafka.topics.llms(), world.kafka.clientConfig())) {
      for (String llm : LLMS) {
        llms.publish(TinyModels.profile(llm).setTopic(world.kafka.topics.requests(llm)).build());
      }
    }
    return world;
  }

  /** Settings of a learner that takes every grade there is, for a test of its own to add to. */
  static LearnerSettings settings(RealKafka kafka, Path directory, String... keysAndTexts) {
    Map<String, String> texts = kafka.texts();
    texts.put("learner.application-id", kafka.topics.prefix() + "learner");
    texts.put("learner.from", "earliest"); // tests publish first
    texts.put("learner.window", "1h");
    texts.put("learner.patience", "1m");
    texts.put("learner.capacity", "50000");
    texts.put("learner.grades-per-second", "1e6");
    texts.put("learner.grade-burst", "1e6");
    texts.put("learner.state-dir", directory.resolve("learner").toString());
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
    }
    return LearnerSettings.from(SettingValues.of(texts));
  }

  /** Settings under which a thousand samples give cells and a few candidates. */
  static LearnerSettings settings(
      Map<String, String> installation, String applicationId, String stateDir) {
    Map<String, String> texts = new HashMap<>(installation);
    texts.put("learner.application-id", applicationId);
    texts.put("learner.publish-every", "50ms");
    texts.put("learner.cells", "4");
    texts.put("learner.cells-after", "100");
    texts.put("learner.train-after-grades", "300");
    texts.put("learner.warm-start", "true");
    texts.put("learner.rollback", "false");
    texts.put("learner.from", "earliest"); // tests publish first
    texts.put("learner.window", "1h");
    texts.put("learner.patience", "5m");
    // one, so that samples come in the order of their queries whoever makes them
    texts.put("learner.partitions", "1");
    texts.put("learner.capacity", "10000");
    texts.put("learner.grades-per-second", "1e6");
    texts.put("learner.grade-burst", "1e6");
    texts.put("learner.state-dir", stateDir);
    texts.put("kafka.session.timeout.ms", "2000");
    texts.put("kafka.heartbeat.interval.ms", "500");
    texts.put("kafka.transaction.timeout.ms", "3000");
    return LearnerSettings.from(SettingValues.of(texts));
  }

  Learner learner(String applicationId, Path stateDir) {
    return Learner.start(
        settings(kafka.texts(), applicationId, stateDir.toString()),
        TinyEncoder.ID,
        new SimpleMeterRegistry());
  }

  private static String id(int i) {
    return "q-" + i;
  }

  private static String llm(int i) {
    return LLMS.get(Math.floorMod(i * 7 + i / 3, LLMS.size()));
  }

  private static float[] embedding(int i) {
    return TinyEncoder.vector("question " + i);
  }

  private static double reward(int i) {
    int best = embedding(i)[0] > 0 ? 0 : 1;
    double chance = LLMS.indexOf(llm(i)) == best ? 0.8 : 0.3;
    return Math.floorMod((i * 2_654_435_761L) >>> 7, 1_000L) < 1_000 * chance ? 1 : 0;
  }

  private Instant at(int i) {
    return beginning.plusMillis(10L * i);
  }

  /** The samples of queries {@code from} up to, not including, {@code to}. */
  void sendSamples(int from, int to) {
    try (KafkaProducer<String, TrainingSample> samples = producer(TrainingSample.class)) {
      for (int i = from; i < to; i++) {
        send(samples, kafka.topics.samples(), i, sample(i));
      }
    }
  }

  /** The decisions and grades of queries {@code from} up to, not including, {@code to}. */
  void sendDecisionsAndGrades(int from, int to) {
    try (KafkaProducer<String, RoutingDecision> decisions = producer(RoutingDecision.class);
        KafkaProducer<String, Grade> grades = producer(Grade.class)) {
      for (int i = from; i < to; i++) {
        send(decisions, kafka.topics.decisions(), i, decision(i));
        send(grades, kafka.topics.feedback(), i, grade(i));
      }
    }
  }

  /** The grades alone. */
  void sendGrades(int from, int to) {
    try (KafkaProducer<String, Grade> grades = producer(Grade.class)) {
      for (int i = from; i < to; i++) {
        send(grades, kafka.topics.feedback(), i, grade(i));
      }
    }
  }

  private <T extends SpecificRecord> KafkaProducer<String, T> producer(Class<T> type) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers),
        new StringSerializer(),
        AvroSerdes.of(type, kafka.serdes).serializer());
  }

  private <T> void send(KafkaProducer<String, T> producer, String topic, int i, T value) {
    Future<?> unused =
        producer.send(new ProducerRecord<>(topic, null, at(i).toEpochMilli(), id(i), value));
  }

  private TrainingSample sample(int i) {
    return TrainingSample.newBuilder()
        .setQueryId(id(i))
        .setEmbedding(HalfPrecision.pack(embedding(i)))
        .setEncoderId(TinyEncoder.ID.toString())
        .setLlm(llm(i))
        .setReward(reward(i))
        .setPropensity(1.0 / 3)
        .setPolicy("random")
        .setModelVersion("any")
        .setGrader("g")
        .setDecidedAt(at(i))
        .setGradedAt(at(i))
        .build();
  }

  private RoutingDecision decision(int i) {
    return RoutingDecision.newBuilder()
        .setQueryId(id(i))
        .setLlm(llm(i))
        .setRanking(
            LLMS.stream()
                .map(each -> new LlmScore(each, 0.0, 0.3, 0.5, null, null, 1.0 / 3, true, null))
                .toList())
        .setPropensity(1.0 / 3)
        .setPolicy("random")
        .setModelVersion("any")
        .setEncoderId(TinyEncoder.ID.toString())
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason("test")
        .setEmbedding(HalfPrecision.pack(embedding(i)))
        .setDecidedAt(at(i))
        .build();
  }

  private Grade grade(int i) {
    return Grade.newBuilder()
        .setQueryId(id(i))
        .setLlm(llm(i))
        .setGrader("g")
        .setReward(reward(i))
        .setGradedAt(at(i))
        .build();
  }

  /** Every sample as query and reward, in the order of the log. */
  List<String> samples() {
    return kafka.committed(kafka.topics.samples(), TrainingSample.class).stream()
        .map(sample -> sample.getQueryId() + " " + sample.getLlm() + " " + sample.getReward())
        .toList();
  }

  /** Every model event but the chunks, without what differs between runs: time and offset. */
  List<String> modelEvents() {
    return kafka.committed(kafka.topics.models(), RouterModelRecord.class).stream()
        .filter(event -> event.getKind() != ModelEvent.CHUNK)
        .map(
            event -> {
              Map<String, String> report = new TreeMap<>(event.getReport());
              report.remove("samples.offset");
              return event.getKind()
                  + " "
                  + event.getVersion()
                  + " "
                  + event.getDigest()
                  + " "
                  + event.getReason()
                  + " "
                  + report;
            })
        .toList();
  }

  /** Verdicts on candidates so far. */
  long verdicts() {
    return kafka.committed(kafka.topics.models(), RouterModelRecord.class).stream()
        .filter(event -> event.getReport().containsKey("samples.offset"))
        .count();
  }

  /** The last posteriors of every model, to the last bit, without time and offset. */
  Map<String, String> posteriors() {
    Map<String, String> last = new TreeMap<>();
    for (Posterior each : kafka.committed(kafka.topics.posteriors(), Posterior.class)) {
      Posterior plain = Posterior.newBuilder(each).setOffset(-1).setLearntAt(Instant.EPOCH).build();
      last.put(each.getModelVersion(), plain.toString());
    }
    return last;
  }

  /** Samples in the last posteriors of the version in charge. */
  int learnt(String version) {
    int samples = 0;
    for (Posterior each : kafka.committed(kafka.topics.posteriors(), Posterior.class)) {
      samples = each.getModelVersion().equals(version) ? each.getSamples() : samples;
    }
    return samples;
  }

  /** Version in charge by the last event that put one there. */
  String serving() {
    String serving = "";
    for (RouterModelRecord event :
        kafka.committed(kafka.topics.models(), RouterModelRecord.class)) {
      serving = event.getKind() == ModelEvent.PROMOTED ? event.getVersion() : serving;
    }
    return serving;
  }

  @Override
  public void close() {
    kafka.close();
  }
}
