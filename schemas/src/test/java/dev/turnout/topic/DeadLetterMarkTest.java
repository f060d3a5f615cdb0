package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterMarkTest {
  private static final String DLQ = "turnout.dlq";

  private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> written) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(DLQ, 0, 9, written.key(), written.value());
    written.headers().forEach(record.headers()::add);
    return record;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldComeBackAsItWasWritten() {
    // given
    DeadLetterMark mark =
        new DeadLetterMark(
            2, 17, DeadLetterState.REPLAYED, DeadLetterMark.record("turnout.queries", 1, 3, "ab"));

    // when
    ProducerRecord<byte[], byte[]> written = mark.on(DLQ);

    // then
    assertThat(written.partition()).isEqualTo(2);
    assertThat(DeadLetterMark.isMark(read(written))).isTrue();
    assertThat(DeadLetterMark.of(read(written))).contains(mark);
  }

  @Test
  void shouldNotTakeADeadLetterForAMarkWhateverItsProducerWrote() {
    // given a query whose producer knows the header of marks
    ConsumerRecord<byte[], byte[]> query =
        new ConsumerRecord<>("turnout.queries", 0, 1, bytes("0:5"), bytes("value"));
    query.headers().add(DeadLetterMark.STATE, bytes("REPLAYED"));

    // when
    ConsumerRecord<byte[], byte[]> letter =
        read(DeadLetters.of(query, DLQ, "UNDECODABLE", "detail", "intake"));

    // then
    assertThat(DeadLetterMark.isMark(letter)).isFalse();
    assertThat(DeadLetterMark.of(letter)).isEmpty();
  }

  @Test
  void shouldLeaveOutMarksThatNobodyCanRead() {
    for (String key : new String[] {"", "17", "a:b", "0:", "99999999999:1"}) {
      ConsumerRecord<byte[], byte[]> record =
          new ConsumerRecord<>(DLQ, 0, 1, bytes(key), bytes(""));
      record.headers().add(DeadLetterMark.STATE, bytes("REPLAYED"));
      assertThat(DeadLetterMark.of(record)).as(key).isEmpty();
      assertThat(DeadLetterMark.isMark(record)).as(key).isTrue();
    }
  }

  @Test
  void shouldMarkNothingAsWaiting() {
    assertThatThrownBy(() -> new DeadLetterMark(0, 1, DeadLetterState.WAITING, null))
        .hasMessageContaining("waits");
  }
}
