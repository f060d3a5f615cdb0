package dev.turnout.grader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.grader.check.CheckGrader;
import dev.turnout.grader.check.ExactCheck;
import dev.turnout.grader.check.ExpectedText;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
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
  void shouldGradeAnswersAloneAndBuryPoison() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    GraderSettings settings = GraderSettings.from(cluster.values(topics, "grader.id", "exact"));

    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Grader grader = Grader.start(settings, exact(), meters)) {
      // when
      cluster.sendBytes(topics.outcomes(), "poison", new byte[] {9});
      send(topics, outcome("right", OutcomeStatus.SUCCEEDED, "42"));
      for (OutcomeStatus other :
          List.of(OutcomeStatus.FAILED, OutcomeStatus.TIMED_OUT, OutcomeStatus.REJECTED)) {
        send(topics, outcome(other.name(), other, null));
      }
      send(
          topics,
          Outcome.newBuilder(outcome("left", OutcomeStatus.FAILED, null))
              .setCancelled(true)
              .build());
      send(topics, outcome("wrong", OutcomeStatus.SUCCEEDED, "41"));

      // then
      List<Grade> grades = cluster.read(topics.feedback(), Grade.class, read -> read.size() >= 2);
      assertThat(grades).extracting(Grade::getQueryId).containsExactly("right", "wrong");
      assertThat(grades).extracting(Grade::getReward).containsExactly(1.0, 0.0);
      assertThat(count(meters, "exact", "no_answer")).isEqualTo(4);
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
        GraderSettings.from(
            cluster.values(
                topics, "grader.id", "half", "grader.share", "0.5", "grader.from", "earliest"));
    for (int i = 0; i < 200; i++) {
      send(topics, outcome("q" + i, OutcomeStatus.SUCCEEDED, "42"));
    }

    // when
    Grader first = Grader.start(settings, exact(), new SimpleMeterRegistry());
    int graded = cluster.read(topics.feedback(), Grade.class, read -> read.size() >= 70).size();
    first.close();
    for (int i = 200; i < 400; i++) {
      send(topics, outcome("q" + i, OutcomeStatus.SUCCEEDED, "42"));
    }

    // then
    try (Grader second = Grader.start(settings, exact(), new SimpleMeterRegistry())) {
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
          return exact().grade(outcome);
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
      assertThat(count(meters, "judge", "no_answer")).isEqualTo(1);
      assertThat(grader).isNotNull();
    }
  }

  @Test
  void shouldStartANewIdAtTheEndUnlessTold() throws Exception {
    // given outcomes that others graded long ago
    TopicCatalogue topics = cluster.freshTopics();
    for (int i = 0; i < 50; i++) {
      send(topics, outcome("old" + i, OutcomeStatus.SUCCEEDED, "42"));
    }

    // when
    GraderSettings latest = GraderSettings.from(cluster.values(topics, "grader.id", "latest"));
    try (Grader grader = Grader.start(latest, exact(), new SimpleMeterRegistry())) {
      send(topics, outcome("new", OutcomeStatus.SUCCEEDED, "42"));
      assertThat(cluster.read(topics.feedback(), Grade.class, read -> !read.isEmpty()))
          .extracting(Grade::getQueryId)
          .containsExactly("new");
      assertThat(grader).isNotNull();
    }

    // then the same id goes on where it stands, whatever it is told
    send(topics, outcome("while away", OutcomeStatus.SUCCEEDED, "42"));
    GraderSettings again =
        GraderSettings.from(
            cluster.values(topics, "grader.id", "latest", "grader.from", "earliest"));
    try (Grader grader = Grader.start(again, exact(), new SimpleMeterRegistry())) {
      assertThat(cluster.read(topics.feedback(), Grade.class, read -> read.size() >= 2))
          .extracting(Grade::getQueryId)
          .containsExactly("new", "while away");
      assertThat(grader).isNotNull();
    }

    // and another one grades all if it is told to
    GraderSettings earliest =
        GraderSettings.from(
            cluster.values(topics, "grader.id", "earliest", "grader.from", "earliest"));
    try (Grader grader = Grader.start(earliest, exact(), new SimpleMeterRegistry())) {
      assertThat(cluster.read(topics.feedback(), Grade.class, read -> read.size() >= 54))
          .filteredOn(grade -> grade.getGrader().equals("earliest"))
          .hasSize(52);
      assertThat(grader).isNotNull();
    }
  }

  @Test
  void shouldBuryAnOutcomeWhoseGradeCannotBePublishedAndGoOn() throws Exception {
    // given a feedback topic that takes small grades only
    TopicCatalogue topics = cluster.freshTopics();
    cluster.setLimit(topics.feedback(), 2_000);
    GraderSettings settings =
        GraderSettings.from(
            cluster.values(topics, "grader.id", "talker", "grader.from", "earliest"));
    Queue<String> judged = new ConcurrentLinkedQueue<>();
    GradingFunction talker =
        outcome -> {
          judged.add(outcome.getQueryId());
          String words = outcome.getQueryId().equals("long") ? noise() : "short";
          return CompletableFuture.completedFuture(Optional.of(Judgement.of(0.5, words)));
        };
    send(topics, outcome("long", OutcomeStatus.SUCCEEDED, "42"));
    send(topics, outcome("after", OutcomeStatus.SUCCEEDED, "42"));

    // when
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Grader grader = Grader.start(settings, talker, meters)) {
      // then
      assertThat(cluster.read(topics.feedback(), Grade.class, read -> !read.isEmpty()))
          .extracting(Grade::getQueryId)
          .containsExactly("after");
      ConsumerRecord<byte[], byte[]> letter =
          cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty()).get(0);
      assertThat(new String(letter.headers().lastHeader(DeadLetters.REASON).value(), UTF_8))
          .isEqualTo("UNPUBLISHABLE");
      send(topics, outcome("later", OutcomeStatus.SUCCEEDED, "42"));
      assertThat(cluster.read(topics.feedback(), Grade.class, read -> read.size() >= 2))
          .extracting(Grade::getQueryId)
          .containsExactly("after", "later");
      assertThat(judged).containsExactly("long", "after", "later");
      assertThat(count(meters, "talker", "dead_lettered")).isEqualTo(1);
      assertThat(grader.health(Instant.now()).ready()).isTrue();
    }
  }

  @Test
  void shouldLeaveUngradedAndCountWhatNobodyWasThereToJudge() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    GraderSettings settings =
        GraderSettings.from(cluster.values(topics, "grader.id", "j", "grader.from", "earliest"));
    GradingFunction away =
        outcome ->
            outcome.getQueryId().equals("unjudged")
                ? CompletableFuture.failedFuture(new GraderAwayException("judge j is away", null))
                : exact().grade(outcome);
    send(topics, outcome("unjudged", OutcomeStatus.SUCCEEDED, "42"));
    send(topics, outcome("judged", OutcomeStatus.SUCCEEDED, "42"));

    // when
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Grader grader = Grader.start(settings, away, meters)) {
      // then
      assertThat(cluster.read(topics.feedback(), Grade.class, read -> !read.isEmpty()))
          .extracting(Grade::getQueryId)
          .containsExactly("judged");
      assertThat(count(meters, "j", "away")).isEqualTo(1);
      assertThat(grader).isNotNull();
    }
  }

  private static GradingFunction exact() {
    return new CheckGrader(new ExactCheck(), new ExpectedText("expected", null));
  }

  /** Words that no compression makes small. */
  private static String noise() {
    byte[] bytes = new byte[6_000];
    new Random(1).nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static double repeated(SimpleMeterRegistry meters) {
    return count(meters, "judge", "repeated");
  }

  private static double count(SimpleMeterRegistry meters, String grader, String result) {
    return meters.counter("turnout.grader.outcomes", "grader", grader, "result", result).count();
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
