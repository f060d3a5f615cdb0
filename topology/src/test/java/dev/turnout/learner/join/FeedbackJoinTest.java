package dev.turnout.learner.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

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
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.RecordLimits;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // fields are set before each test
class FeedbackJoinTest {
  private static final Map<String, Object> SERDES =
      Map.of("schema.registry.url", "mock://feedback-join");
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path state;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private TopologyTestDriver driver;
  private Instant clock = NOW;
  private TestInputTopic<String, RoutingDecision> decisions;
  private TestInputTopic<String, Outcome> outcomes;
  private TestInputTopic<String, Grade> grades;
  private TestInputTopic<String, byte[]> rawGrades;
  private TestOutputTopic<String, TrainingSample> samples;
  private TestOutputTopic<String, byte[]> deadLetters;

  @BeforeEach
  void drive() {
    LearnerSettings settings =
        LearnerSettings.from(
            SettingValues.of(
                Map.of(
                    "learner.window", "1h",
                    "learner.patience", "1m",
                    "learner.capacity", "5",
                    "learner.grades-per-second", "100",
                    "learner.grade-burst", "20")));
    Properties config = new Properties();
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    driver =
        new TopologyTestDriver(
            FeedbackTopology.of(
                settings,
                SERDES,
                new LearnerMetrics(meters),
                FailureHandling.unobserved(settings.topics().dlq())),
            config,
            NOW);
    decisions =
        driver.createInputTopic(
            TOPICS.decisions(),
            new StringSerializer(),
            AvroSerdes.of(RoutingDecision.class, SERDES).serializer(),
            NOW,
            Duration.ZERO);
    outcomes =
        driver.createInputTopic(
            TOPICS.outcomes(),
            new StringSerializer(),
            AvroSerdes.of(Outcome.class, SERDES).serializer(),
            NOW,
            Duration.ZERO);
    grades =
        driver.createInputTopic(
            TOPICS.feedback(),
            new StringSerializer(),
            AvroSerdes.of(Grade.class, SERDES).serializer(),
            NOW,
            Duration.ZERO);
    rawGrades =
        driver.createInputTopic(
            TOPICS.feedback(),
            new StringSerializer(),
            new ByteArraySerializer(),
            NOW,
            Duration.ZERO);
    samples =
        driver.createOutputTopic(
            TOPICS.samples(),
            new StringDeserializer(),
            AvroSerdes.of(TrainingSample.class, SERDES).deserializer());
    deadLetters =
        driver.createOutputTopic(
            TOPICS.dlq(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldJoinAGradeWithItsDecisionAndTheCostOfItsOutcome() {
    decisions.pipeInput("q1", decision("q1"));
    outcomes.pipeInput("q1", outcome("q1", 0.002, 120L));
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.75));

    TrainingSample sample = samples.readValue();
    assertThat(sample.getReward()).isEqualTo(0.75);
    assertThat(sample.getPropensity()).isEqualTo(0.6);
    assertThat(sample.getPropensities()).containsExactly(0.6, 0.4);
    assertThat(sample.getCostUsd()).isEqualTo(0.002);
    assertThat(sample.getLatencyMs()).isEqualTo(120);
    assertThat(sample.getCompletionTokens()).isEqualTo(340);
    assertThat(HalfPrecision.unpack(sample.getEmbedding())[0]).isCloseTo(1, within(1e-3f));
    assertThat(sample.getSurface()).isEqualTo(ByteBuffer.wrap(new byte[] {4, 2}));
    assertThat(samples.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldJoinByTheQueryIdWhateverTheKeys() {
    // given a decision and a grade that waits, neither with the query's id as its key
    grades.pipeInput("of another client", grade("q1", "apple", "early", 0.25));
    decisions.pipeInput(new TestRecord<>(null, decision("q1"), NOW));
    outcomes.pipeInput(new TestRecord<>(null, outcome("q1", 0.002, 120L), NOW));

    // when
    grades.pipeInput(new TestRecord<>(null, grade("q1", "apple", "late", 0.75), NOW));

    // then both are joined, and the samples have the key that their readers expect
    List<TestRecord<String, TrainingSample>> joined = samples.readRecordsToList();
    assertThat(joined).extracting(TestRecord::key).containsExactly("q1", "q1");
    assertThat(joined)
        .extracting(each -> each.value().getReward(), each -> each.value().getCostUsd())
        .containsExactly(tuple(0.25, null), tuple(0.75, 0.002));
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldNotCorrectASampleThatOvertookItsOutcome() {
    decisions.pipeInput("q1", decision("q1"));
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.75));

    outcomes.pipeInput("q1", outcome("q1", 0.002, 120L));

    assertThat(samples.readValuesToList())
        .singleElement()
        .satisfies(sample -> assertThat(sample.getCostUsd()).isNull());
  }

  @Test
  void shouldTakeTheCostOfAnAnswerOnceHoweverOftenItIsReported() {
    decisions.pipeInput("q1", decision("q1"));

    // when the first worker was slow to report, a second one asked again, and a third gave up
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.TIMED_OUT, 1, null));
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.SUCCEEDED, 1, 0.002));
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.SUCCEEDED, 1, 0.003));
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.FAILED, 1, 0.004));
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.75));

    // then the first success tells, and no failure takes its place, not even of a later attempt
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.FAILED, 2, 0.005));
    grades.pipeInput("q1", grade("q1", "apple", "other", 0.75));

    // but the success of a later attempt does
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.SUCCEEDED, 2, 0.006));
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.SUCCEEDED, 1, 0.007));
    grades.pipeInput("q1", grade("q1", "apple", "third", 0.75));
    assertThat(samples.readValuesToList())
        .extracting(TrainingSample::getCostUsd)
        .containsExactly(0.002, 0.002, 0.006);
    assertThat(entries("answers")).isEqualTo(1);
  }

  @Test
  void shouldDeadLetterWhatNamesNothingThatCouldBeJoined() {
    decisions.pipeInput("q1", decision(""));
    decisions.pipeInput("q2", null);
    outcomes.pipeInput("q3", reported("q".repeat(1_025), OutcomeStatus.SUCCEEDED, 1, 0.1));
    outcomes.pipeInput("q4", reported("q\0", OutcomeStatus.SUCCEEDED, 1, 0.1));
    grades.pipeInput("q5", null);
    grades.pipeInput("q6", grade("q".repeat(1_025), "apple", "g", 0.5));

    List<TestRecord<String, byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters)
        .extracting(
            TestRecord::key,
            letter -> header(letter, "turnout.dlq.reason"),
            letter -> header(letter, "turnout.dlq.topic"))
        .containsExactly(
            tuple("q1", "INVALID_RECORD", TOPICS.decisions()),
            tuple("q2", "NULL_VALUE", TOPICS.decisions()),
            tuple("q3", "TOO_LARGE", TOPICS.outcomes()),
            tuple("q4", "INVALID_RECORD", TOPICS.outcomes()),
            tuple("q5", "NULL_VALUE", TOPICS.feedback()),
            tuple("q6", "TOO_LARGE", TOPICS.feedback()));
  }

  @Test
  void shouldSayWhereAGradeCameFromHoweverLongItWaited() {
    grades.pipeInput("q0", grade("q1", "apple", "first", 0.5));
    grades.pipeInput("q0", grade("q1", "apple", "second", 0.5));
    liveUntil(Duration.ofMinutes(2));

    assertThat(deadLetters.readRecordsToList())
        .extracting(
            letter -> header(letter, "turnout.dlq.reason"),
            letter -> header(letter, "turnout.dlq.partition"),
            letter -> header(letter, "turnout.dlq.offset"))
        .containsExactly(tuple("NO_DECISION", "0", "0"), tuple("NO_DECISION", "0", "1"));
  }

  @Test
  void shouldLetAGradeWaitForItsDecision() {
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5));
    grades.pipeInput("q10", grade("q10", "apple", "g", 0.5));
    assertThat(samples.isEmpty()).isTrue();

    decisions.pipeInput("q1", decision("q1"));

    assertThat(samples.readValuesToList())
        .extracting(TrainingSample::getQueryId)
        .containsExactly("q1");
  }

  @Test
  void shouldTakeARepeatedGradeOnceAndAChangedOneAgain() {
    decisions.pipeInput("q1", decision("q1"));
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5));
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5));
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.9));
    grades.pipeInput("q1", grade("q1", "apple", "other", 0.5));

    assertThat(samples.readValuesToList())
        .extracting(TrainingSample::getReward)
        .containsExactly(0.5, 0.9, 0.5);
  }

  @Test
  void shouldWinsoriseRewardsBeyondTheScale() {
    decisions.pipeInput("q1", decision("q1"));
    grades.pipeInput("q1", grade("q1", "apple", "g", 1e9));

    assertThat(samples.readValue().getReward()).isEqualTo(1);
    assertThat(meters.get("turnout.learner.winsorised").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldBelieveTheWorkerBeforeTheGraderAboutCostAndLatency() {
    decisions.pipeInput("q1", decision("q1"));
    outcomes.pipeInput("q1", outcome("q1", 0.002, null));
    grades.pipeInput("q1", claiming("g", 9.0, 70L));

    TrainingSample sample = samples.readValue();
    assertThat(sample.getCostUsd()).isEqualTo(0.002);
    assertThat(sample.getLatencyMs()).isEqualTo(70);
  }

  @Test
  void shouldBelieveNobodyACostOrLatencyThatCannotBe() {
    decisions.pipeInput("q1", decision("q1"));
    grades.pipeInput("q1", claiming("nan", Double.NaN, -1L));
    grades.pipeInput("q1", claiming("infinite", Double.POSITIVE_INFINITY, null));
    grades.pipeInput("q1", claiming("negative", -5.0, Long.MIN_VALUE));
    grades.pipeInput("q1", claiming("huge", 1e300, Long.MAX_VALUE));
    outcomes.pipeInput("q1", outcome("q1", -3.0, -1L));
    grades.pipeInput("q1", claiming("fair", 0.5, 70L));

    assertThat(samples.readValuesToList())
        .hasSize(5)
        .extracting(TrainingSample::getCostUsd, TrainingSample::getLatencyMs)
        .endsWith(tuple(0.5, 70L))
        .filteredOn(tuple(null, null)::equals)
        .hasSize(4);
    assertThat(meters.get("turnout.learner.impossible.costs").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldLetNoMadeUpGradersFillTheWindow() {
    // given an answer with all the graders it may have, and as many waiting for its decision
    for (int i = 0; i < 20; i++) {
      grades.pipeInput("q1", grade("q1", "apple", "early" + i, 0.5));
    }
    decisions.pipeInput("q1", decision("q1"));
    assertThat(samples.readValuesToList()).hasSize(16);

    // when
    grades.pipeInput("q1", grade("q1", "apple", "late", 0.5));
    grades.pipeInput("q1", grade("q1", "apple", "early0", 0.7));
    grades.pipeInput("q1", grade("q1", "pear", "late", 0.6));

    // then whoever graded it before may think again, and another answer is none of theirs
    assertThat(samples.readValuesToList())
        .extracting(TrainingSample::getReward)
        .containsExactly(0.7, 0.6);
    assertThat(deadLetters.readRecordsToList())
        .hasSize(5)
        .allMatch(letter -> header(letter, "turnout.dlq.reason").equals("TOO_MANY_GRADERS"));
    assertThat(refused("TOO_MANY_GRADERS")).isEqualTo(5);
  }

  @Test
  void shouldRefuseNamesThatAreNotUsable() {
    decisions.pipeInput("q1", decision("q1"));
    grades.pipeInput("q1", grade("q1\0x", "apple", "g", 0.5));
    grades.pipeInput("q1", grade("q1", "apple\0x", "g", 0.5));
    assertThat(samples.isEmpty()).isTrue();
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5));

    assertThat(samples.readValuesToList()).hasSize(1);
    assertThat(refused("INVALID_GRADE")).isEqualTo(2);
  }

  @Test
  void shouldRefuseGradesThatAreLargerThanTheirLimits() {
    // given names one byte too long, and a comment that is a grade's whole size too long
    decisions.pipeInput("q1", decision("q1"));
    Grade plain = grade("q1", "apple", "g", 0.5);

    // when
    grades.pipeInput("q1", grade("q1", "apple", "g".repeat(FieldLimits.GRADER + 1), 0.5));
    grades.pipeInput("q1", grade("q".repeat(FieldLimits.QUERY_ID + 1), "apple", "g", 0.5));
    grades.pipeInput(
        "q1", Grade.newBuilder(plain).setComment("c".repeat(RecordLimits.GRADE.value())).build());
    grades.pipeInput("q1", grade("q1", "apple", "g".repeat(FieldLimits.GRADER), 0.5));

    // then
    assertThat(samples.readValuesToList()).hasSize(1);
    assertThat(deadLetters.readRecordsToList())
        .extracting(letter -> header(letter, "turnout.dlq.detail"))
        .containsExactly(
            "the grade's grader has 257 bytes, the limit is 256",
            "the grade's queryId has 1025 bytes, the limit is 1024",
            "the value has 65572 bytes, the limit is 65536");
    assertThat(refused("TOO_LARGE")).isEqualTo(3);
  }

  @Test
  void shouldDeadLetterAGradeWhoseDecisionNeverComes() {
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5));
    liveUntil(Duration.ofSeconds(30));
    assertThat(deadLetters.isEmpty()).isTrue();

    liveUntil(Duration.ofMinutes(2));

    TestRecord<String, byte[]> letter = deadLetters.readRecord();
    assertThat(letter.key()).isEqualTo("q1");
    assertThat(header(letter, "turnout.dlq.reason")).isEqualTo("NO_DECISION");
    assertThat(header(letter, "turnout.dlq.topic")).isEqualTo(TOPICS.feedback());
  }

  @Test
  void shouldDeadLetterAGradeOnceThoughNothingElseArrives() {
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5));
    silence(Duration.ofSeconds(60));
    assertThat(deadLetters.isEmpty()).isTrue();

    silence(Duration.ofSeconds(5));

    TestRecord<String, byte[]> letter = deadLetters.readRecord();
    assertThat(letter.key()).isEqualTo("q1");
    assertThat(header(letter, "turnout.dlq.reason")).isEqualTo("NO_DECISION");
    assertThat(letter.timestamp()).isEqualTo(clock.toEpochMilli());

    // and neither more silence nor the partition's next record repeats it
    silence(Duration.ofMinutes(3));
    liveUntil(Duration.ofMinutes(10));
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(entries("waiting-grades")).isZero();
    assertThat(entries("waiting-grades-by-time")).isZero();
  }

  @Test
  void shouldJoinADecisionMadeInTimeHoweverLongTheSilence() {
    // given two grades, dead-lettered in a silence that turns out to have been an outage
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5), NOW);
    grades.pipeInput("q2", grade("q2", "apple", "g", 0.5), NOW);
    silence(Duration.ofMinutes(30));
    assertThat(deadLetters.readRecordsToList()).hasSize(2);

    // when one decision was made within the patience of a minute and one after it
    decisions.pipeInput("q1", decision("q1"), NOW.plusSeconds(60));
    decisions.pipeInput("q2", decision("q2"), NOW.plusSeconds(61));

    // then they join as they would have without the silence
    assertThat(samples.readValuesToList())
        .extracting(TrainingSample::getQueryId)
        .containsExactly("q1");
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldNotTakeBeingHeldUpForSilence() {
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5));

    // when the clock ticks for the first time after an hour
    driver.advanceWallClockTime(Duration.ofHours(1));

    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldWaitAfterEveryRecordThatArrives() {
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5), NOW);
    silence(Duration.ofSeconds(50));

    // when records of that time arrive late, as they do in a catch-up
    outcomes.pipeInput("q8", outcome("q8", null, null), NOW.plusSeconds(1));
    silence(Duration.ofSeconds(60));
    assertThat(deadLetters.isEmpty()).isTrue();

    silence(Duration.ofSeconds(10));
    assertThat(deadLetters.readRecordsToList()).extracting(TestRecord::key).containsExactly("q1");
  }

  @Test
  void shouldDeadLetterWhatIsNoGradeOrNotForThisLlm() {
    decisions.pipeInput("q1", decision("q1"));
    rawGrades.pipeInput("q1", new byte[] {1, 2, 3});
    grades.pipeInput("q1", grade("q1", "plum", "g", 0.5));
    grades.pipeInput("q1", grade("q1", "apple", "g", Double.NaN));

    assertThat(deadLetters.readRecordsToList())
        .extracting(letter -> header(letter, "turnout.dlq.reason"))
        .containsExactly("UNDECODABLE", "WRONG_LLM", "INVALID_GRADE");
    assertThat(samples.isEmpty()).isTrue();
  }

  @Test
  void shouldMarkTheGradeOfAShadowLlm() {
    decisions.pipeInput("q1", decision("q1"));
    grades.pipeInput("q1", grade("q1", "pear", "g", 0.5));

    assertThat(samples.readValue().getShadow()).isTrue();
  }

  @Test
  void shouldCutAFloodingGrader() {
    decisions.pipeInput("q1", decision("q1"));
    for (int i = 0; i < 50; i++) {
      grades.pipeInput("q1", grade("q1", "apple", "flood", i / 100.0));
    }

    assertThat(samples.readValuesToList()).hasSize(20);
    assertThat(deadLetters.readRecordsToList())
        .hasSize(30)
        .allMatch(letter -> header(letter, "turnout.dlq.reason").equals("GRADER_RATE"));
  }

  @Test
  void shouldCutAFloodingGraderWhateverItsTimestampsSay() {
    driver.advanceWallClockTime(Duration.ofHours(1));
    Instant now = NOW.plus(Duration.ofHours(1));
    decisions.pipeInput("q1", decision("q1"), now);
    for (int i = 0; i < 50; i++) {
      grades.pipeInput("q1", grade("q1", "apple", "past", i / 100.0), NOW.plusSeconds(i));
    }
    for (int i = 0; i < 50; i++) {
      grades.pipeInput("q1", grade("q1", "apple", "future", i / 100.0), now.plusSeconds(i));
    }

    assertThat(samples.readValuesToList())
        .hasSize(40)
        .extracting(TrainingSample::getGrader)
        .containsOnly("past", "future");
    assertThat(refused("GRADER_RATE")).isEqualTo(60);
  }

  @Test
  void shouldHoldNoMoreThanItsCapacityAndForgetAfterItsWindow() {
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    for (int i = 0; i < 40; i++) {
      decisions.pipeInput("q" + i, decision("q" + i), NOW.plusMillis(i));
    }
    driver.advanceWallClockTime(Duration.ofSeconds(9));
    clock = NOW.plusSeconds(10);

    // then the latest five are there, and the stores hold nothing else
    assertThat(entries("decided")).isEqualTo(5);
    assertThat(entries("decided-by-time")).isEqualTo(5);
    grades.pipeInput("q39", grade("q39", "apple", "g", 0.5));
    assertThat(samples.readValue().getQueryId()).isEqualTo("q39");

    liveUntil(Duration.ofHours(2));
    assertThat(entries("decided")).isEqualTo(1);
    assertThat(entries("decided-by-time")).isEqualTo(1);
    assertThat(entries("given")).isZero();
  }

  @Test
  void shouldJoinAnOldLogAsItWouldHaveLive() {
    // given a log that is read a month later, while the clock goes on
    driver.advanceWallClockTime(Duration.ofDays(30));
    decisions.pipeInput("q1", decision("q1"), NOW);
    decisions.pipeInput("q2", decision("q2"), NOW);
    driver.advanceWallClockTime(Duration.ofMinutes(10));

    // when one grade came within the window of an hour and one after it
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5), NOW.plus(Duration.ofHours(1)));
    grades.pipeInput("q2", grade("q2", "apple", "g", 0.5), NOW.plus(Duration.ofMinutes(61)));
    decisions.pipeInput("q3", decision("q3"), NOW.plus(Duration.ofMinutes(63)));

    // then
    assertThat(samples.readValuesToList())
        .extracting(TrainingSample::getQueryId)
        .containsExactly("q1");
    assertThat(deadLetters.readRecordsToList()).extracting(TestRecord::key).containsExactly("q2");
  }

  @Test
  void shouldForgetNothingForARecordFromTheFuture() {
    // given
    decisions.pipeInput("q1", decision("q1"), NOW);
    grades.pipeInput("q9", grade("q9", "apple", "g", 0.5), NOW);

    // when
    decisions.pipeInput("q2", decision("q2"), NOW.plus(Duration.ofDays(3_650)));
    grades.pipeInput("q2", grade("q2", "apple", "g", 0.5), NOW.plus(Duration.ofDays(7_300)));

    // then the old decision still finds its grade, and the new one its own
    grades.pipeInput("q1", grade("q1", "apple", "g", 0.5), NOW);
    assertThat(samples.readValuesToList())
        .extracting(TrainingSample::getQueryId)
        .containsExactly("q2", "q1");
    assertThat(deadLetters.isEmpty()).isTrue();

    // and it leaves with those of its day
    liveUntil(Duration.ofHours(2));
    assertThat(entries("decided")).isEqualTo(1);
  }

  /** Lets time pass, by the clock and by a record of another query. */
  private void liveUntil(Duration sinceNow) {
    driver.advanceWallClockTime(Duration.between(clock, NOW.plus(sinceNow)));
    clock = NOW.plus(sinceNow);
    decisions.pipeInput("later" + sinceNow, decision("later" + sinceNow), clock);
    driver.advanceWallClockTime(Duration.ofSeconds(5));
    clock = clock.plusSeconds(5);
  }

  /** Lets the clock tick on while nothing arrives. */
  private void silence(Duration length) {
    for (long second = 0; second < length.toSeconds(); second += 5) {
      driver.advanceWallClockTime(Duration.ofSeconds(5));
    }
    clock = clock.plus(length);
  }

  private int entries(String store) {
    int count = 0;
    try (var all = driver.getKeyValueStore(store).all()) {
      while (all.hasNext()) {
        all.next();
        count++;
      }
    }
    return count;
  }

  @Test
  void shouldLearnFromAnAnswerAfterAFailOverButNotAsIfItHadBeenDrawn() {
    // given a decision for apple, of which plum is ranked too, and was not asked as a shadow
    RoutingDecision decision =
        RoutingDecision.newBuilder(decision("q1"))
            .setRanking(List.of(score("apple", 0.6), score("pear", 0.3), score("plum", 0.1)))
            .build();
    decisions.pipeInput("q1", decision);
    outcomes.pipeInput("q1", reported("q1", OutcomeStatus.FAILED, 1, null));

    // when the grade comes before the outcome that explains it
    grades.pipeInput("q1", grade("q1", "plum", "g", 0.75));
    assertThat(samples.isEmpty()).isTrue();
    outcomes.pipeInput(
        "q1",
        Outcome.newBuilder(reported("q1", OutcomeStatus.SUCCEEDED, 2, 0.5)).setLlm("plum").build());

    // then
    TrainingSample sample = samples.readValue();
    assertThat(sample.getLlm()).isEqualTo("plum");
    assertThat(sample.getReward()).isEqualTo(0.75);
    assertThat(sample.getShadow()).isTrue();
    assertThat(sample.getPropensity()).isEqualTo(1);
    assertThat(sample.getCostUsd()).isEqualTo(0.5);

    // and another grader's comes after it
    grades.pipeInput("q1", grade("q1", "plum", "h", 0.25));
    assertThat(samples.readValue().getShadow()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldRefuseAGradeForAnLlmThatNoFailOverBroughtTheQueryTo() {
    // given a grade for an LLM that might have answered, but did not
    decisions.pipeInput(
        "q1",
        RoutingDecision.newBuilder(decision("q1"))
            .setRanking(List.of(score("apple", 0.6), score("pear", 0.3), score("plum", 0.1)))
            .build());
    grades.pipeInput("q1", grade("q1", "plum", "g", 0.75));
    assertThat(deadLetters.isEmpty()).isTrue();

    // when patience ends
    liveUntil(Duration.ofMinutes(2));

    // then
    TestRecord<String, byte[]> letter = deadLetters.readRecord();
    assertThat(header(letter, "turnout.dlq.reason")).isEqualTo("WRONG_LLM");
    assertThat(header(letter, "turnout.dlq.detail")).contains("answered in its place");
    assertThat(samples.isEmpty()).isTrue();
  }

  private static String header(TestRecord<String, byte[]> letter, String key) {
    Header header = letter.headers().lastHeader(key);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private double refused(String reason) {
    return meters.get("turnout.learner.refused").tag("reason", reason).counter().count();
  }

  private static Outcome outcome(String query, @Nullable Double cost, @Nullable Long latency) {
    return Outcome.newBuilder()
        .setQueryId(query)
        .setLlm("apple")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setCostUsd(cost)
        .setLatencyMs(latency)
        .setCompletionTokens(340L)
        .setFinishedAt(NOW)
        .build();
  }

  private static Outcome reported(
      String query, OutcomeStatus status, int attempt, @Nullable Double cost) {
    return Outcome.newBuilder(outcome(query, cost, 120L))
        .setStatus(status)
        .setAttempt(attempt)
        .build();
  }

  private static Grade claiming(String grader, @Nullable Double cost, @Nullable Long latency) {
    return Grade.newBuilder(grade("q1", "apple", grader, 0.5))
        .setCostUsd(cost)
        .setLatencyMs(latency)
        .build();
  }

  private static Grade grade(String query, String llm, String grader, double reward) {
    return Grade.newBuilder()
        .setQueryId(query)
        .setLlm(llm)
        .setGrader(grader)
        .setReward(reward)
        .setGradedAt(NOW)
        .build();
  }

  private static RoutingDecision decision(String query) {
    return RoutingDecision.newBuilder()
        .setQueryId(query)
        .setTenant("default")
        .setLlm("apple")
        .setRanking(List.of(score("apple", 0.6), score("pear", 0.4)))
        .setPropensity(0.6)
        .setPolicy("thompson")
        .setModelVersion("m1")
        .setEncoderId("toy@0/4")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason("test")
        .setEmbedding(HalfPrecision.pack(new float[] {1, 0, 0, 0}))
        .setSurface(ByteBuffer.wrap(new byte[] {4, 2}))
        .setDecidedAt(NOW)
        .setShadow(List.of("pear"))
        .build();
  }

  private static LlmScore score(String llm, double propensity) {
    return new LlmScore(llm, 0.1, 0.5, 0.5, null, null, propensity, true, null);
  }
}
