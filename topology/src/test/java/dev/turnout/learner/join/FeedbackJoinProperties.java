package dev.turnout.learner.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.SettingValues;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.HalfPrecision;
import dev.turnout.streams.FailureHandling;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * Decision, outcome and grades of a query come from three topics, in an order that depends on who
 * was quick. Whatever the order, the same samples come of them. Graders hand the outcome's cost on,
 * as ours do: a grade without one is joined at once and does not wait for an outcome.
 */
@SuppressWarnings("NullAway.Init") // fields are set before all tries
class FeedbackJoinProperties {
  private static final Map<String, Object> SERDES =
      Map.of("schema.registry.url", "mock://feedback-join-properties");
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String LLM = "apple";

  private static TopologyTestDriver driver;
  private static TestOutputTopic<String, TrainingSample> samples;
  private static TestOutputTopic<String, byte[]> deadLetters;
  private static int queries;

  /** What is graded of one query, by graders of different names. */
  record Graded(List<Double> rewards, double costUsd, long latencyMs) {}

  @BeforeContainer
  static void drive() {
    LearnerSettings settings =
        LearnerSettings.from(
            SettingValues.of(
                Map.of(
                    "learner.window", "1h",
                    "learner.patience", "1m",
                    "learner.capacity", "100000",
                    "learner.grades-per-second", "1e9",
                    "learner.grade-burst", "1e9")));
    Properties config = new Properties();
    config.put("state.dir", "target/feedback-join-properties");
    driver =
        new TopologyTestDriver(
            FeedbackTopology.of(
                settings,
                SERDES,
                new LearnerMetrics(new SimpleMeterRegistry()),
                FailureHandling.unobserved(settings.topics().dlq())),
            config,
            NOW);
    samples =
        driver.createOutputTopic(
            TOPICS.samples(),
            new StringDeserializer(),
            AvroSerdes.of(TrainingSample.class, SERDES).deserializer());
    deadLetters =
        driver.createOutputTopic(
            TOPICS.dlq(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  @AfterContainer
  static void close() {
    driver.close();
  }

  @Provide
  Arbitrary<List<Graded>> graded() {
    Arbitrary<Double> share = Arbitraries.doubles().between(0, 1).ofScale(4);
    return Combinators.combine(
            share.list().ofMaxSize(4), share, Arbitraries.longs().between(0, 10_000))
        .as(Graded::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Property(tries = 150)
  void shouldGiveTheSameSamplesInAnyOrderOfArrival(
      @ForAll("graded") List<Graded> graded, @ForAll long first, @ForAll long second) {
    assertThat(joined(graded, first))
        .isEqualTo(joined(graded, second))
        .hasSize(graded.stream().mapToInt(each -> each.rewards().size()).sum());
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  /** The samples of some queries whose records arrive in an order of its own, without their ids. */
  private static List<String> joined(List<Graded> graded, long order) {
    List<Runnable> arrivals = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (Graded each : graded) {
      String id = String.format("q%06d", queries++);
      ids.add(id);
      arrivals.add(() -> send(TOPICS.decisions(), RoutingDecision.class, id, decision(id)));
      arrivals.add(() -> send(TOPICS.outcomes(), Outcome.class, id, outcome(id, each)));
      for (int g = 0; g < each.rewards().size(); g++) {
        Grade grade = grade(id, "grader-" + g, each.rewards().get(g), each);
        arrivals.add(() -> send(TOPICS.feedback(), Grade.class, id, grade));
      }
    }
    Collections.shuffle(arrivals, new Random(order));
    arrivals.forEach(Runnable::run);
    return samples.readValuesToList().stream()
        .map(
            sample ->
                TrainingSample.newBuilder(sample)
                    .setQueryId("query " + ids.indexOf(sample.getQueryId()))
                    .build()
                    .toString())
        .sorted()
        .toList();
  }

  private static <T extends SpecificRecord> void send(
      String topic, Class<T> type, String id, T value) {
    driver
        .createInputTopic(
            topic,
            new StringSerializer(),
            AvroSerdes.of(type, SERDES).serializer(),
            NOW,
            Duration.ZERO)
        .pipeInput(id, value);
  }

  private static RoutingDecision decision(String id) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm(LLM)
        .setRanking(
            List.of(
                new LlmScore(LLM, 0.1, 0.5, 0.5, null, null, 0.6, true, null),
                new LlmScore("pear", 0.1, 0.5, 0.5, null, null, 0.4, true, null)))
        .setPropensity(0.6)
        .setPolicy("thompson")
        .setModelVersion("m1")
        .setEncoderId("toy@0/4")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason("test")
        .setEmbedding(HalfPrecision.pack(new float[] {1, 0, 0, 0}))
        .setDecidedAt(NOW)
        .build();
  }

  private static Outcome outcome(String id, Graded graded) {
    return Outcome.newBuilder()
        .setQueryId(id)
        .setLlm(LLM)
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setCostUsd(graded.costUsd())
        .setLatencyMs(graded.latencyMs())
        .setFinishedAt(NOW)
        .build();
  }

  private static Grade grade(String id, String grader, double reward, Graded graded) {
    return Grade.newBuilder()
        .setQueryId(id)
        .setLlm(LLM)
        .setGrader(grader)
        .setReward(reward)
        .setCostUsd(graded.costUsd())
        .setLatencyMs(graded.latencyMs())
        .setGradedAt(NOW)
        .build();
  }
}
