package dev.turnout.grader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GraderIT {

  private static EdgeCluster cluster;

  @BeforeAll
  static void start() {
    cluster = EdgeCluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void shouldGradeAnswersButNoFailuresAndBuryPoison() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    GraderSettings settings = GraderSettings.from(cluster.values(topics, "grader.id", "exact"));

    try (Grader grader =
        Grader.start(settings, new ExactMatchGrader(), new SimpleMeterRegistry())) {
      // when
      cluster.sendBytes(topics.outcomes(), "poison", new byte[] {9});
      send(topics, outcome("right", OutcomeStatus.SUCCEEDED, "42"));
      send(topics, outcome("wrong", OutcomeStatus.SUCCEEDED, "41"));
      send(topics, outcome("failed", OutcomeStatus.FAILED, null));
      send(topics, outcome("late", OutcomeStatus.TIMED_OUT, null));
      send(topics, outcome("refused", OutcomeStatus.REJECTED, null));
      send(topics, outcome("last", OutcomeStatus.SUCCEEDED, "42"));

      // then
      List<Grade> grades = cluster.read(topics.feedback(), Grade.class, read -> read.size() >= 3);
      assertThat(grades).extracting(Grade::getQueryId).containsExactly("right", "wrong", "last");
      assertThat(grades).extracting(Grade::getReward).containsExactly(1.0, 0.0, 1.0);
      assertThat(grades)
          .allSatisfy(
              grade -> {
                assertThat(grade.getGrader()).isEqualTo("exact");
                assertThat(grade.getLlm()).isEqualTo("a");
                assertThat(grade.getCostUsd()).isEqualTo(0.002);
                assertThat(grade.getLatencyMs()).isEqualTo(12);
              });
      assertThat(cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty())).hasSize(1);
      assertThat(grader).isNotNull();
    }
  }

  @Test
  void shouldCutWhatAJudgeSaysAndRefuseOutcomesThatAreTooLarge() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    GraderSettings settings = GraderSettings.from(cluster.values(topics, "grader.id", "judge"));
    GradingFunction talkative =
        outcome ->
            CompletableFuture.completedFuture(
                Optional.of(Judgement.of(0.5, "é".repeat(FieldLimits.COMMENT))));

    try (Grader grader = Grader.start(settings, talkative, new SimpleMeterRegistry())) {
      // when
      send(topics, outcome("q".repeat(FieldLimits.QUERY_ID + 1), OutcomeStatus.SUCCEEDED, "42"));
      send(topics, outcome("right", OutcomeStatus.SUCCEEDED, "42"));

      // then
      List<Grade> grades = cluster.read(topics.feedback(), Grade.class, read -> !read.isEmpty());
      assertThat(grades).extracting(Grade::getQueryId).containsExactly("right");
      assertThat(BoundedText.bytes(grades.get(0).getComment()))
          .isBetween(FieldLimits.COMMENT - 3L, (long) FieldLimits.COMMENT);
      ConsumerRecord<byte[], byte[]> letter =
          cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty()).get(0);
      assertThat(new String(letter.headers().lastHeader(DeadLetters.DETAIL).value(), UTF_8))
          .isEqualTo("the outcome's queryId has 1025 bytes, the limit is 1024");
      assertThat(grader).isNotNull();
    }
  }

  @Test
  void shouldGradeAShareAndCarryOnAfterARestart() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    GraderSettings settings =
        GraderSettings.from(cluster.values(topics, "grader.id", "half", "grader.share", "0.5"));
    for (int i = 0; i < 200; i++) {
      send(topics, outcome("q" + i, OutcomeStatus.SUCCEEDED, "42"));
    }

    // when
    Grader first = Grader.start(settings, new ExactMatchGrader(), new SimpleMeterRegistry());
    int graded = cluster.read(topics.feedback(), Grade.class, read -> read.size() >= 70).size();
    first.close();
    for (int i = 200; i < 400; i++) {
      send(topics, outcome("q" + i, OutcomeStatus.SUCCEEDED, "42"));
    }

    // then
    try (Grader second =
        Grader.start(settings, new ExactMatchGrader(), new SimpleMeterRegistry())) {
      int both =
          cluster.read(topics.feedback(), Grade.class, read -> read.size() >= graded + 70).size();
      assertThat(both).isBetween(140, 300);
      assertThat(second).isNotNull();
    }
  }

  @Test
  void shouldJudgeACallOnceWhateverPartitionItsReportsComeOn() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    GraderSettings settings =
        GraderSettings.from(
            cluster.values(topics, "grader.id", "judge", "kafka.metadata.max.age.ms", "500"));
    Queue<String> judged = new ConcurrentLinkedQueue<>();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    GradingFunction judge =
        outcome -> {
          judged.add(outcome.getQueryId());
          return new ExactMatchGrader().grade(outcome);
        };
    try (Grader grader = Grader.start(settings, judge, meters);
        Admin admin = Admin.create(cluster.kafka())) {
      // when a call is reported again, at once and later, as answered and as failed
      Outcome right = outcome("right", OutcomeStatus.SUCCEEDED, "42");
      send(topics, right);
      send(topics, right);
      cluster.read(topics.feedback(), Grade.class, read -> !read.isEmpty());
      send(topics, outcome("right", OutcomeStatus.FAILED, null));
      send(topics, right);

      // and partitions are added, on which outcomes without keys come
      admin.createPartitions(Map.of(topics.outcomes(), NewPartitions.increaseTo(3))).all().get();
      sendWithoutKey(topics, 1, right);
      sendWithoutKey(topics, 2, outcome("added", OutcomeStatus.SUCCEEDED, "42"));
      sendWithoutKey(topics, 1, outcome("last", OutcomeStatus.SUCCEEDED, "42"));

      // then
      List<Grade> grades =
          cluster.read(
              topics.feedback(), Grade.class, read -> read.size() >= 3 && repeated(meters) >= 3);
      assertThat(grades)
          .extracting(Grade::getQueryId, Grade::getReward)
          .containsExactlyInAnyOrder(tuple("right", 1.0), tuple("added", 1.0), tuple("last", 1.0));
      assertThat(judged).containsExactlyInAnyOrder("right", "added", "last");
      assertThat(repeated(meters)).isEqualTo(3);
      assertThat(grader).isNotNull();
    }
  }

  private static double repeated(SimpleMeterRegistry meters) {
    return meters
        .counter("turnout.grader.outcomes", "grader", "judge", "result", "repeated")
        .count();
  }

  private static void sendWithoutKey(TopicCatalogue topics, int partition, Outcome outcome)
      throws Exception {
    byte[] bytes =
        AvroSerdes.of(Outcome.class, cluster.serde())
            .serializer()
            .serialize(topics.outcomes(), outcome);
    cluster.send(new ProducerRecord<>(topics.outcomes(), partition, null, bytes));
  }

  private static void send(TopicCatalogue topics, Outcome outcome) throws Exception {
    cluster.send(topics.outcomes(), outcome.getQueryId(), Outcome.class, outcome);
  }

  private static Outcome outcome(String id, OutcomeStatus status, @Nullable String answer) {
    return Outcome.newBuilder()
        .setQueryId(id)
        .setLlm("a")
        .setStatus(status)
        .setAnswer(answer)
        .setCostUsd(0.002)
        .setLatencyMs(12L)
        .setMetadata(Map.of("expected", "42"))
        .setFinishedAt(Instant.now())
        .build();
  }
}
