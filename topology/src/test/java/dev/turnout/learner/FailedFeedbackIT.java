package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.learner.join.FeedbackTopology;
import dev.turnout.router.LoweredTopics;
import dev.turnout.router.RealKafka;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.HalfPrecision;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.GroupNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Decisions and grades that fail on their way through a learner's join on a real broker, among
 * others that do not: for its sinks, its changelog and the topic between its parts, each of which
 * takes less than it should for a while.
 */
class FailedFeedbackIT {
  private static final String LLM = TinyModels.LLMS.get(0);
  private static final int NEIGHBOURS = 5;

  @TempDir private Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Random random = new Random(13);
  private final Set<String> learnt = new TreeSet<>();
  private int failures;

  /** What a failing record is sent as. */
  private interface Poison {
    void send(Sender sender) throws Exception;
  }

  /** Publishes as routers and graders do. */
  private static final class Sender implements AutoCloseable {
    private final RealKafka kafka;
    private final KafkaProducer<byte[], byte[]> producer;

    Sender(RealKafka kafka) {
      this.kafka = kafka;
      this.producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", kafka.bootstrapServers),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }

    private <T extends SpecificRecord> void send(String topic, Class<T> type, String id, T value)
        throws Exception {
      send(topic, id, AvroSerdes.of(type, kafka.serdes).serializer().serialize(topic, value));
    }

    void send(String topic, String id, byte @Nullable [] value) throws Exception {
      producer.send(new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), value)).get();
    }

    void decision(String id) throws Exception {
      RoutingDecision decision =
          RoutingDecision.newBuilder()
              .setQueryId(id)
              .setLlm(LLM)
              .setRanking(List.of(new LlmScore(LLM, 0.0, 0.3, 0.5, null, null, 1.0, true, null)))
              .setPropensity(1.0)
              .setPolicy("random")
              .setModelVersion("any")
              .setEncoderId(TinyEncoder.ID.toString())
              .setExplored(false)
              .setOutOfDistribution(false)
              .setFallback(Fallback.NONE)
              .setReason("test")
              .setEmbedding(HalfPrecision.pack(TinyEncoder.vector(id)))
              .setDecidedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
              .build();
      send(kafka.topics.decisions(), RoutingDecision.class, id, decision);
    }

    void grade(String id) throws Exception {
      Grade grade =
          Grade.newBuilder()
              .setQueryId(id)
              .setLlm(LLM)
              .setGrader("g")
              .setReward(1)
              .setGradedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
              .build();
      send(kafka.topics.feedback(), Grade.class, id, grade);
    }

    @Override
    public void close() {
      producer.close();
    }
  }

  private String noise(int length) {
    StringBuilder text = new StringBuilder();
    random.ints(length, 33, 127).forEach(each -> text.append((char) each));
    return text.toString();
  }

  private void neighbours(Sender sender, String when) throws Exception {
    for (int i = 0; i < NEIGHBOURS; i++) {
      String id = when + "-" + i;
      learnt.add(id);
      sender.decision(id);
      sender.grade(id);
    }
  }

  private boolean allLearnt(RealKafka kafka) {
    Map<String, Long> samples = new TreeMap<>();
    for (TrainingSample each : kafka.committed(kafka.topics.samples(), TrainingSample.class)) {
      samples.merge(each.getQueryId(), 1L, Long::sum);
    }
    assertThat(samples.values()).allMatch(times -> times == 1);
    return samples.keySet().equals(learnt);
  }

  private static List<ConsumerRecord<byte[], byte[]>> letters(RealKafka kafka) {
    return kafka.committed(List.of(kafka.topics.dlq()));
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String key) {
    return new String(letter.headers().lastHeader(key).value(), StandardCharsets.UTF_8);
  }

  /** Sends what fails between two lots that do not, and waits for its dead letter. */
  private ConsumerRecord<byte[], byte[]> fails(
      RealKafka kafka, Sender sender, String what, Poison poison) throws Exception {
    neighbours(sender, what + "-before");
    poison.send(sender);
    neighbours(sender, what + "-after");
    failures++;
    RealKafka.await(
        what + ": the neighbours and a dead letter",
        RealKafka.PATIENCE,
        () -> allLearnt(kafka) && letters(kafka).size() == failures);
    return letters(kafka).get(failures - 1);
  }

  private double replaced() {
    return meters.find("turnout.thread.replaced").tag("client", "join").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Test
  void shouldDeadLetterTheRecordThatFailsAndLearnFromTheOthers() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("feedback-failed", 1);
        LoweredTopics limits = LoweredTopics.of(kafka);
        Sender sender = new Sender(kafka)) {
      // given
      LearnerSettings settings = LearnerWorld.settings(kafka, directory, "learner.patience", "1h");
      try (Learner learner = Learner.start(settings, TinyEncoder.ID, meters)) {
        neighbours(sender, "first");
        RealKafka.await("the first samples", RealKafka.PATIENCE, () -> allLearnt(kafka));
        List<String> samples = List.of(kafka.topics.samples());
        int sample = limits.largest(samples);
        String decided =
            FeedbackTopology.internalTopics(GroupNames.join(settings.applicationId())).stream()
                .filter(topic -> topic.endsWith(FeedbackTopology.DECIDED + "-changelog"))
                .findFirst()
                .orElseThrow();
        String byQuery =
            FeedbackTopology.internalTopics(GroupNames.join(settings.applicationId())).get(0);

        // when a sample is larger than its topic takes
        limits.lower(samples, sample + 400);
        String id = noise(1_000);
        ConsumerRecord<byte[], byte[]> letter =
            fails(
                kafka,
                sender,
                "sample",
                to -> {
                  to.decision(id);
                  to.grade(id);
                });
        limits.restore(samples);

        // then whichever of the two would have made it is named as its producer published it
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("TOO_LARGE");
        assertThat(header(letter, DeadLetters.STAGE)).isEqualTo("learner");
        assertThat(header(letter, DeadLetters.TOPIC))
            .isIn(kafka.topics.decisions(), kafka.topics.feedback());
        assertThat(header(letter, DeadLetters.DETAIL)).contains(kafka.topics.samples());
        assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo(id);

        // when what is stored of a decision is
        limits.lower(List.of(decided), sample + 600);
        letter = fails(kafka, sender, "changelog", to -> to.decision(noise(1_000)));
        limits.restore(List.of(decided));

        // then
        assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(kafka.topics.decisions());
        assertThat(header(letter, DeadLetters.DETAIL)).contains(decided);

        // when what goes from one part of the join to the other is
        limits.lower(List.of(byQuery), sample + 600);
        letter = fails(kafka, sender, "repartition", to -> to.decision(noise(1_000)));
        limits.restore(List.of(byQuery));

        // then
        assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(kafka.topics.decisions());
        assertThat(header(letter, DeadLetters.DETAIL)).contains(byQuery);

        // when a dead letter is
        List<String> dlq = List.of(kafka.topics.dlq());
        limits.lower(dlq, 2_500);
        letter =
            fails(
                kafka,
                sender,
                "letter",
                to ->
                    to.send(
                        kafka.topics.feedback(),
                        "letter",
                        noise(6_000).getBytes(StandardCharsets.UTF_8)));
        limits.restore(dlq);

        // then it becomes a reference
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("UNDECODABLE");
        assertThat(header(letter, DeadLetters.SIZE)).isEqualTo("6000");
        assertThat(letter.value()).isNull();

        // and each cost one thread at most
        assertThat(replaced()).isBetween(1.0, (double) failures);
        assertThat(learner.isAlive()).isTrue();
        assertThat(learner.isRunning()).isTrue();
      }
    }
  }
}
