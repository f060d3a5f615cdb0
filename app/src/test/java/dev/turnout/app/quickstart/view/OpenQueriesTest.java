package dev.turnout.app.quickstart.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class OpenQueriesTest {
  private static final String TOPIC = "turnout.queries";

  private final Serde<Query> serde =
      AvroSerdes.of(Query.class, Map.of("schema.registry.url", "mock://open-queries"));
  private final OpenQueries open = new OpenQueries(serde.deserializer());

  private ConsumerRecord<byte[], byte[]> query(long offset, String id) {
    return record(
        offset,
        "a key of the producer's own",
        serde.serializer().serialize(TOPIC, Query.newBuilder().setId(id).setText("text").build()));
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, String key, byte[] value) {
    return new ConsumerRecord<>(
        TOPIC,
        0,
        offset,
        1_000 + offset,
        TimestampType.CREATE_TIME,
        -1,
        -1,
        key.getBytes(StandardCharsets.UTF_8),
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  @Test
  void shouldCountWhatNeitherDecisionNorDeadLetterSettled() {
    // when
    open.published(query(0, "a"));
    open.published(query(1, "b"));
    open.published(record(2, "c", new byte[] {1, 2}));

    // then
    assertThat(open.count()).isEqualTo(3);
    assertThat(open.oldestMillis(1_500)).isEqualTo(500);

    // when
    open.decided("a");
    open.refused(0, 2);

    // then
    assertThat(open.count()).isEqualTo(1);
    assertThat(open.oldestMillis(1_501)).isEqualTo(500);
  }

  @Test
  void shouldSettleAQueryThatIsReadAfterItsDecisionOrDeadLetter() {
    // given
    open.decided("a");
    open.refused(0, 1);

    // when
    open.published(query(0, "a"));
    open.published(query(1, "b"));

    // then
    assertThat(open.count()).isZero();
    assertThat(open.oldestMillis(9_999)).isZero();
  }

  @Test
  void shouldWaitForEachQueryOfOneId() {
    // given
    open.published(query(0, "a"));
    open.published(query(1, "a"));

    // when
    open.decided("a");

    // then
    assertThat(open.count()).isEqualTo(1);

    // when
    open.refused(0, 1);

    // then
    assertThat(open.count()).isZero();
  }
}
