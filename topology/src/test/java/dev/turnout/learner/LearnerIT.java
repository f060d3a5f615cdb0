package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.belief.Posteriors;
import dev.turnout.config.SettingValues;
import dev.turnout.control.belief.PosteriorFollower;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.encoder.EncoderId;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.router.TinyModels;
import dev.turnout.router.decide.HalfPrecision;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learner on a real broker. */
class LearnerIT {
  private static final EncoderId ENCODER = new EncoderId("toy", "0123456789ab", 8);
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard().withPartitions(2);
  private static final List<String> LLMS = TinyModels.LLMS;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void shouldTeachAllRoutersWithinSecondsAndHandOverToAReplicaInTheSameState() throws Exception {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(new EmbeddedBroker.Settings(directory.resolve("b"), 0, Map.of()))) {
      // given three LLMs, a learner and a follower as routers have it
      Map<String, Object> config = new HashMap<>();
      config.put("bootstrap.servers", broker.bootstrapServers());
      config.put("schema.registry.url", "mock://learner-it");
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        TopicAdmin.create(admin, TOPICS, (short) 1);
      }
      try (LlmPublisher llms = LlmPublisher.open(TOPICS.llms(), config)) {
        for (String llm : LLMS) {
          llms.publish(TinyModels.profile(llm).build());
        }
      }
      try (PosteriorFollower follower = PosteriorFollower.start(TOPICS.posteriors(), config);
          Learner first = learner(config, "first")) {
        // partitions that still move are no death
        assertThat(first.isAlive()).isTrue();
        await(() -> first.status().model() != null && first.isRunning(), "the cold model");

        // when queries are decided and the first LLM proves good
        String version = Objects.requireNonNull(first.status().model());
        send(config, version, 0, 150);

        // then what is learnt arrives within seconds
        Instant sent = Instant.now();
        await(() -> samples(follower, version) == 150, "150 samples in the posteriors");
        assertThat(Duration.between(sent, Instant.now())).isLessThan(Duration.ofSeconds(20));
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
        try (Learner second = learner(config, "second")) {
          await(() -> second.status().samples() == 150, "the replica to read the log");
          send(config, version, 150, 151);
          await(() -> samples(follower, version) == 151, "the replica to go on");
        }
        // a third one that has read all in one go
        Posteriors atTheEnd = Objects.requireNonNull(follower.of(version));
        try (Learner third = learner(config, "third")) {
          await(() -> third.status().samples() == 151, "the third to read the log");
          Thread.sleep(1_000);
        }
        assertThat(Objects.requireNonNull(follower.of(version)).sameAs(atTheEnd)).isTrue();
      }
    }
  }

  private Learner learner(Map<String, Object> config, String name) {
    LearnerSettings settings =
        LearnerSettings.from(
            SettingValues.of(
                Map.of(
                    "kafka.bootstrap.servers",
                    String.valueOf(config.get("bootstrap.servers")),
                    "registry.url",
                    String.valueOf(config.get("schema.registry.url")),
                    "learner.window",
                    "1h",
                    "learner.patience",
                    "1m",
                    "learner.capacity",
                    "10000",
                    "learner.state-dir",
                    directory.resolve(name).toString())));
    return Learner.start(settings, ENCODER, new SimpleMeterRegistry());
  }

  private static int samples(PosteriorFollower follower, String version) {
    Posteriors posteriors = follower.of(version);
    return posteriors == null ? 0 : posteriors.samples();
  }

  private static void send(Map<String, Object> config, String version, int from, int to) {
    Random random = new Random(from);
    try (KafkaProducer<String, RoutingDecision> decisions =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", String.valueOf(config.get("bootstrap.servers"))),
                new StringSerializer(),
                AvroSerdes.of(RoutingDecision.class, config).serializer());
        KafkaProducer<String, Grade> grades =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", String.valueOf(config.get("bootstrap.servers"))),
                new StringSerializer(),
                AvroSerdes.of(Grade.class, config).serializer())) {
      for (int i = from; i < to; i++) {
        String id = "q" + i;
        String llm = LLMS.get(i % LLMS.size());
        var decided =
            decisions.send(
                new ProducerRecord<>(TOPICS.decisions(), id, decision(id, llm, version, random)));
        var graded =
            grades.send(
                new ProducerRecord<>(
                    TOPICS.feedback(),
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

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(end);
      Thread.sleep(50);
    }
  }
}
