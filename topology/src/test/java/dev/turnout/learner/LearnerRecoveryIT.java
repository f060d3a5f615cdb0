package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.RealKafka;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.HalfPrecision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a learner takes to be back, and what memory it has by then, when the join holds many
 * decisions with their grades and the samples topic as many samples. A measurement, not run
 * otherwise: {@code mvn -pl topology -am verify -Dtest=NONE -Dit.test=LearnerRecoveryIT
 * -Dturnout.recovery.samples=1000000}, with {@code -Dturnout.recovery.window} (20,000 as by
 * default) and {@code -Dturnout.recovery.heap} (1g) to vary.
 */
@EnabledIfSystemProperty(named = "turnout.recovery.samples", matches = "\\d+")
class LearnerRecoveryIT {
  private static final int SAMPLES = Integer.getInteger("turnout.recovery.samples", 0);
  private static final int WINDOW = Integer.getInteger("turnout.recovery.window", 20_000);
  private static final String HEAP = System.getProperty("turnout.recovery.heap", "1g");
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final int PARTITIONS = 6;

  /** Fresh queries by which a learner shows that it is back: some for each of its tasks. */
  private static final int FRESH = 60;

  private static final String LLM = TinyModels.LLMS.get(0);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void shouldTellHowLongRecoveryTakes() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("recovery", PARTITIONS);
        Samples samples = new Samples(kafka);
        Traffic traffic = new Traffic(kafka)) {
      kafka.publishLlms();
      // given a learner that has joined them all, and has ended
      long begun = System.nanoTime();
      try (MeasuredLearner first = start(kafka, "kept")) {
        for (int from = 0; from < SAMPLES; from += 50_000) {
          traffic.send(from, Math.min(SAMPLES, from + 50_000));
        }
        RealKafka.await("all samples", PATIENCE, () -> samples.count() >= SAMPLES);
        tell("joined " + SAMPLES + " grades with their decisions", begun, first);
      }

      // when it comes back, with its state directory and without
      int sent = SAMPLES;
      for (String state : List.of("kept", "lost")) {
        int posteriors = kafka.committed(List.of(kafka.topics.posteriors())).size();
        int to = sent + FRESH;
        traffic.send(sent, to);
        long started = System.nanoTime();
        try (MeasuredLearner again = start(kafka, state)) {
          RealKafka.await(
              "posteriors",
              PATIENCE,
              () -> kafka.committed(List.of(kafka.topics.posteriors())).size() > posteriors);
          tell("state directory " + state + ": acts on a window of " + WINDOW, started, again);
          RealKafka.await("fresh samples", PATIENCE, () -> samples.count() >= to);
          tell("state directory " + state + ": joins fresh grades", started, again);
        }
        sent = to;
      }

      // then nothing was lost or doubled
      assertThat(samples.count()).isEqualTo(sent);
      assertThat(kafka.committed(List.of(kafka.topics.dlq()))).isEmpty();
    }
  }

  private MeasuredLearner start(RealKafka kafka, String state) throws IOException {
    Map<String, String> texts = kafka.texts();
    texts.put("learner.application-id", kafka.topics.prefix() + "learner");
    texts.put("learner.from", "earliest"); // what is sent before it has started counts too
    texts.put("learner.state-dir", directory.resolve(state).toString());
    texts.put("learner.samples", Integer.toString(WINDOW));
    texts.put("learner.capacity", Integer.toString(1_000_000));
    texts.put("learner.grades-per-second", "1e6");
    texts.put("learner.grade-burst", "1e7");
    texts.put("learner.train-after-grades", Integer.toString(Integer.MAX_VALUE));
    texts.put("learner.train-after", "8760h");
    return MeasuredLearner.start(texts, HEAP);
  }

  @SuppressWarnings("SystemOut") // what the measurement is for
  private static void tell(String what, long since, MeasuredLearner learner) throws IOException {
    System.out.printf(
        "RECOVERY %s: %.1f s, peak of the process %d MiB (heap at most %s)%n",
        what, (System.nanoTime() - since) / 1e9, learner.peakMebibytes(), HEAP);
  }

  /** Counts the committed records of the samples topic as they come. */
  private static final class Samples implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partition;
    private int count;

    Samples(RealKafka kafka) {
      this.consumer =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers", kafka.bootstrapServers, "isolation.level", "read_committed"),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      this.partition = List.of(new TopicPartition(kafka.topics.samples(), 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
    }

    int count() {
      int read;
      do {
        read = consumer.poll(Duration.ofMillis(100)).count();
        count += read;
      } while (read > 0);
      return count;
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  /** Decisions as routers publish them with 384 dimensions, and a grade of each. */
  private static final class Traffic implements AutoCloseable {
    private static final int EMBEDDINGS = 1_000;

    private final RealKafka kafka;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ByteBuffer[] embeddings = new ByteBuffer[EMBEDDINGS];

    Traffic(RealKafka kafka) {
      this.kafka = kafka;
      this.producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", kafka.bootstrapServers, "linger.ms", 20),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      Random random = new Random(1);
      for (int i = 0; i < EMBEDDINGS; i++) {
        float[] vector = new float[MeasuredLearner.ENCODER.dimension()];
        for (int j = 0; j < vector.length; j++) {
          vector[j] = (float) (random.nextGaussian() / Math.sqrt(vector.length));
        }
        embeddings[i] = HalfPrecision.pack(vector);
      }
    }

    void send(int from, int to) {
      var decisions = AvroSerdes.of(RoutingDecision.class, kafka.serdes).serializer();
      var grades = AvroSerdes.of(Grade.class, kafka.serdes).serializer();
      for (int i = from; i < to; i++) {
        String id = "query-" + i;
        send(kafka.topics.decisions(), id, decisions, decision(id, i));
        send(kafka.topics.feedback(), id, grades, grade(id, i));
      }
      producer.flush();
    }

    private <T extends SpecificRecord> void send(
        String topic, String id, Serializer<T> serializer, T value) {
      byte[] key = id.getBytes(StandardCharsets.UTF_8);
      Future<?> unused =
          producer.send(new ProducerRecord<>(topic, key, serializer.serialize(topic, value)));
    }

    private RoutingDecision decision(String id, int i) {
      return RoutingDecision.newBuilder()
          .setQueryId(id)
          .setLlm(LLM)
          .setRanking(
              TinyModels.LLMS.stream()
                  .map(each -> new LlmScore(each, 0.0, 0.3, 0.5, null, null, 1.0 / 3, true, null))
                  .toList())
          .setPropensity(1.0 / 3)
          .setPolicy("random")
          .setModelVersion("any")
          .setEncoderId(MeasuredLearner.ENCODER.toString())
          .setExplored(false)
          .setOutOfDistribution(false)
          .setFallback(Fallback.NONE)
          .setReason("measured")
          .setEmbedding(embeddings[i % EMBEDDINGS].duplicate())
          .setDecidedAt(now())
          .build();
    }

    private static Grade grade(String id, int i) {
      return Grade.newBuilder()
          .setQueryId(id)
          .setLlm(LLM)
          .setGrader("g")
          .setReward(i % 2)
          .setGradedAt(now())
          .build();
    }

    private static Instant now() {
      return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void close() {
      producer.close();
    }
  }
}
