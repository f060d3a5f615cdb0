package dev.turnout.console.traffic;

import static dev.turnout.console.Records.decision;
import static dev.turnout.console.Records.grade;
import static dev.turnout.console.Records.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.console.recent.RecentQueries;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficTopologyTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:30Z");
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();

  private final RecentQueries recent = new RecentQueries(100);
  private InProcessRegistry registry;
  private TopologyTestDriver driver;

  @BeforeEach
  void start() {
    registry = InProcessRegistry.start(0, null);
    Properties config = new Properties();
    config.put("application.id", "console-test");
    config.put("bootstrap.servers", "unused:1");
    driver =
        new TopologyTestDriver(
            TrafficTopology.of(
                TOPICS, serdes(), Duration.ofDays(1), recent, Clock.fixed(NOW, ZoneOffset.UTC)),
            config,
            NOW);
  }

  @AfterEach
  void stop() {
    driver.close();
    registry.close();
  }

  private Map<String, Object> serdes() {
    return Map.of("schema.registry.url", registry.url());
  }

  private <T extends SpecificRecord> void send(
      String topic, String key, Class<T> type, T value, Instant at) {
    send(
        topic,
        key,
        AvroSerdes.of(type, serdes()).serializer().serialize(topic, value),
        new RecordHeaders(),
        at);
  }

  private void send(String topic, String key, byte[] value, Headers headers, Instant at) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), value, headers, at));
  }

  private TrafficTally tally(TrafficLevel level, String key) {
    TrafficTally sum = new TrafficTally();
    try (KeyValueIterator<Windowed<String>, TrafficTally> all =
        driver.<String, TrafficTally>getWindowStore(level.store()).all()) {
      while (all.hasNext()) {
        KeyValue<Windowed<String>, TrafficTally> each = all.next();
        if (each.key.key().equals(key)) {
          sum.add(each.value);
        }
      }
    }
    return sum;
  }

  @Test
  void shouldCountDecisionsOutcomesAndGrades() {
    // when
    send(TOPICS.decisions(), "q1", RoutingDecision.class, decision("q1", "alpha", NOW), NOW);
    send(TOPICS.outcomes(), "q1", Outcome.class, outcome("q1", "alpha", "Why?", NOW), NOW);
    send(
        TOPICS.outcomes(),
        "q1",
        Outcome.class,
        Outcome.newBuilder(outcome("q1", "alpha", "Why?", NOW)).setShadow(true).build(),
        NOW);
    send(TOPICS.feedback(), "q1", Grade.class, grade("q1", "alpha", "judge", 0.5, NOW), NOW);

    // then at every level
    for (TrafficLevel level : TrafficLevel.values()) {
      TrafficTally alpha = tally(level, "lalpha");
      assertThat(alpha.get(Measure.DECISIONS)).isEqualTo(1);
      assertThat(alpha.get(Measure.BATCH_SIZES)).isEqualTo(4);
      assertThat(alpha.answered()).isEqualTo(1);
      assertThat(alpha.get(Measure.COST_USD)).isEqualTo(0.002);
      assertThat(alpha.get(Measure.SHADOWS)).isEqualTo(1);
      assertThat(alpha.mean(Measure.REWARD, Measure.GRADES)).isEqualTo(0.5);
    }
    assertThat(recent.find("q1").orElseThrow().grades()).hasSize(1);
  }

  @Test
  void shouldCountTheOldAsCoarselyAsItIsKept() {
    // when
    Instant yesterday = NOW.minus(Duration.ofHours(20));
    Instant lastWeek = NOW.minus(Duration.ofDays(6));
    send(TOPICS.decisions(), "q1", RoutingDecision.class, decision("q1", "alpha", NOW), lastWeek);
    send(TOPICS.decisions(), "q2", RoutingDecision.class, decision("q2", "alpha", NOW), yesterday);
    // from a clock that goes wrong
    send(
        TOPICS.decisions(),
        "q3",
        RoutingDecision.class,
        decision("q3", "alpha", NOW),
        NOW.plus(Duration.ofDays(400)));
    send(TOPICS.decisions(), "q4", RoutingDecision.class, decision("q4", "alpha", NOW), NOW);

    // then
    assertThat(tally(TrafficLevel.MINUTES, "lalpha").get(Measure.DECISIONS)).isEqualTo(2);
    assertThat(tally(TrafficLevel.TEN_MINUTES, "lalpha").get(Measure.DECISIONS)).isEqualTo(3);
    assertThat(tally(TrafficLevel.TWO_HOURS, "lalpha").get(Measure.DECISIONS)).isEqualTo(4);
  }

  @Test
  void shouldGoOnAfterWhatNobodyCanRead() {
    // when
    send(TOPICS.decisions(), "q1", new byte[] {9, 9, 9}, new RecordHeaders(), NOW);
    send(
        TOPICS.outcomes(), "q1", "text".getBytes(StandardCharsets.UTF_8), new RecordHeaders(), NOW);
    send(TOPICS.feedback(), "q1", Grade.class, grade("q1", "alpha", "judge", Double.NaN, NOW), NOW);
    send(TOPICS.decisions(), "q2", RoutingDecision.class, decision("q2", "alpha", NOW), NOW);

    // then
    assertThat(tally(TrafficLevel.MINUTES, "l" + TrafficProcessor.OTHERS).get(Measure.UNREADABLE))
        .isEqualTo(2);
    assertThat(tally(TrafficLevel.MINUTES, "lalpha").get(Measure.UNREADABLE)).isEqualTo(1);
    assertThat(tally(TrafficLevel.MINUTES, "lalpha").get(Measure.DECISIONS)).isEqualTo(1);
  }

  @Test
  void shouldCountDeadLettersByReasonAndNoMarks() {
    // given
    Headers letter = new RecordHeaders();
    letter.add(DeadLetters.REASON, "UNDECODABLE".getBytes(StandardCharsets.UTF_8));

    // when
    send(TOPICS.dlq(), "q1", new byte[] {1}, letter, NOW);
    send(TOPICS.dlq(), "0:17", new byte[] {1}, new RecordHeaders(), NOW);

    // then
    assertThat(tally(TrafficLevel.MINUTES, "dUNDECODABLE").get(Measure.DEAD_LETTERS)).isEqualTo(1);
  }

  @Test
  void shouldTellABoundedNumberOfNamesApart() {
    // when anybody may grade under any name
    for (int i = 0; i < 3 * TrafficProcessor.MOST_NAMES; i++) {
      send(TOPICS.feedback(), "q", Grade.class, grade("q", "made-up-" + i, "judge", 1, NOW), NOW);
    }

    // then
    assertThat(tally(TrafficLevel.MINUTES, "l" + TrafficProcessor.OTHERS).get(Measure.GRADES))
        .isEqualTo(2 * TrafficProcessor.MOST_NAMES);
  }
}
