package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.belief.Posteriors;
import dev.turnout.control.belief.PosteriorFollower;
import dev.turnout.control.belief.PosteriorRecords;
import dev.turnout.encoder.EncoderId;
import dev.turnout.router.RealKafka;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.HalfPrecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learner on a real broker. */
class LearnerIT {
  private static final EncoderId ENCODER = new EncoderId("toy", "0123456789ab", 8);
  private static final List<String> LLMS = TinyModels.LLMS;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void shouldTeachAllRoutersAndHandOverToAReplicaInTheSameState() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("learner", 2)) {
      // given three LLMs, a learner and a follower as routers have it
      kafka.publishLlms();
      try (PosteriorFollower follower =
              PosteriorFollower.start(kafka.topics.posteriors(), kafka.clientConfig());
          Learner first = learner(kafka, "first")) {
        // partitions that still move are no death
        assertThat(first.isAlive()).isTrue();
        await("the cold model", () -> first.status().model() != null && first.isRunning());

        // when queries are decided and the first LLM proves good
        String version = Objects.requireNonNull(first.status().model());
        send(kafka, version, 0, 150);

        // then every router learns of it
        await("150 samples in the posteriors", () -> samples(follower, version) == 150);
        Posteriors learnt = Objects.requireNonNull(follower.of(version));
        int good = learnt.llms().indexOf(LLMS.get(0));
        int poor = learnt.llms().indexOf(LLMS.get(1));
        assertThat(learnt.correction()[0][good]).isGreaterThan(learnt.correction()[0][poor] + 0.1);

        // and when it closes, a replica takes over and says the same to the last bit
        first.close();
        assertThat(first.isAlive()).isFalse();
        assertThat(first.problems())
            .anyMatch(problem -> problem.contains("NOT_RUNNING"))
            .anyMatch(problem -> problem.contains("turnout-learner has ended"));
        try (Learner second = learner(kafka, "second")) {
          await("the replica to read the log", () -> second.status().samples() == 150);
          send(kafka, version, 150, 151);
          await("the replica to go on", () -> samples(follower, version) == 151);
        }
        // a third one that has read all in one go and publishes it as its first act
        Posteriors atTheEnd = Objects.requireNonNull(follower.of(version));
        int published = posteriors(kafka).size();
        try (Learner third = learner(kafka, "third")) {
          await("the third to publish", () -> posteriors(kafka).size() > published);
          await("the third to say so", () -> third.status().samples() == 151);
        }
        List<Posterior> all = posteriors(kafka);
        assertThat(all.subList(published, all.size()))
            .allSatisfy(each -> assertThat(PosteriorRecords.read(each).sameAs(atTheEnd)).isTrue());
      }
    }
  }

  private Learner learner(RealKafka kafka, String name) {
    return Learner.start(
        LearnerWorld.settings(kafka, directory.resolve(name)), ENCODER, new SimpleMeterRegistry());
  }

  private static List<Posterior> posteriors(RealKafka kafka) {
    return kafka.committed(kafka.topics.posteriors(), Posterior.class);
  }

  private static int samples(PosteriorFollower follower, String version) {
    Posteriors posteriors = follower.of(version);
    return posteriors == null ? 0 : posteriors.samples();
  }

  private static void send(RealKafka kafka, String version, int from, int to) {
    Random random = new Random(from);
    try (KafkaProducer<String, RoutingDecision> decisions =
            GradedStream.producer(kafka, RoutingDecision.class);
        KafkaProducer<String, Grade> grades = GradedStream.producer(kafka, Grade.class)) {
      for (int i = from; i < to; i++) {
        String id = "q" + i;
        String llm = LLMS.get(i % LLMS.size());
        var decided =
            decisions.send(
                new ProducerRecord<>(
                    kafka.topics.decisions(), id, decision(id, llm, version, random)));
        var graded =
            grades.send(
                new ProducerRecord<>(
                    kafka.topics.feedback(),
                    id,
                    Grade.newBuilder()
                        .setQueryId(id)
                        .setLlm(llm)
                        .setGrader("g")
                        .setReward(i % LLMS.size() == 0 ? 1 : 0)
                        .setGradedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                        .build()));
        assertThat(decided).isNotNull();
        assertThat(graded).isNotNull();
      }
    }
  }

  private static RoutingDecision decision(String id, String llm, String version, Random random) {
    float[] embedding = new float[8];
    for (int j = 0; j < embedding.length; j++) {
      embedding[j] = (float) random.nextGaussian() / 3;
    }
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setTenant("default")
        .setLlm(llm)
        .setRanking(
            LLMS.stream()
                .map(each -> new LlmScore(each, 0.0, 0.3, 0.5, null, null, 1.0 / 3, true, null))
                .toList())
        .setPropensity(1.0 / 3)
        .setPolicy("thompson")
        .setModelVersion(version)
        .setEncoderId(ENCODER.toString())
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason("test")
        .setEmbedding(HalfPrecision.pack(embedding))
        .setDecidedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    RealKafka.await(what, RealKafka.PATIENCE, condition);
  }
}
