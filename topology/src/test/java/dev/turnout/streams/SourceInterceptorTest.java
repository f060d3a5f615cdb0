package dev.turnout.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.SetClock;
import dev.turnout.topic.DeadLetterReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourceInterceptorTest {
  private static final SourceRecord FIRST = new SourceRecord("queries", 0, 1, 10);
  private static final SourceRecord SECOND = new SourceRecord("queries", 0, 2, 10);

  private final RecordTooLargeException tooLarge = new RecordTooLargeException("too large");
  private final FailedRecords records =
      new FailedRecords(
          "dlq",
          new StreamHealth(0),
          new DeadLetterSize(new SetClock()),
          new FailureMetrics(new SimpleMeterRegistry(), "test"));
  private final SourceInterceptor interceptor = new SourceInterceptor();

  @BeforeEach
  void configure() {
    interceptor.configure(Map.of(SourceInterceptor.FAILED_RECORDS_CONFIG, records));
  }

  private ProducerRecord<byte[], byte[]> send(SourceRecord source) {
    records.begin(source);
    try {
      return interceptor.onSend(
          new ProducerRecord<>("decisions", new byte[] {1}, new byte[] {1, 2, 3}));
    } finally {
      records.end();
    }
  }

  private void fails(ProducerRecord<byte[], byte[]> record, Exception why) {
    interceptor.onAcknowledgement(
        new RecordMetadata(new TopicPartition(record.topic(), 0), -1, -1, -1, -1, -1),
        why,
        record.headers());
  }

  @Test
  void shouldBlameTheSourceOfTheRecordThatWasRefused() {
    // given
    ProducerRecord<byte[], byte[]> first = send(FIRST);
    ProducerRecord<byte[], byte[]> second = send(SECOND);

    // when the second is processed as the first is refused
    records.begin(SECOND);
    fails(first, tooLarge);

    // then
    FailedRecord failed = Objects.requireNonNull(records.find(FIRST));
    assertThat(failed.reason()).isEqualTo(DeadLetterReason.TOO_LARGE);
    assertThat(failed.detail()).contains("decisions");
    assertThat(records.find(SECOND)).isNull();
    assertThat(records.anyNoted()).isTrue();
    assertThat(records.anyNoted()).isFalse();

    // and not that of the second, which fails with the same as the transaction is aborted
    records.end();
    fails(second, tooLarge);
    assertThat(records.find(SECOND)).isNull();

    // and nothing of this goes to the topic
    assertThat(second.headers().toArray()).isEmpty();
  }

  @Test
  void shouldNotBlameWhatFailsWithAnother() {
    // given
    ProducerRecord<byte[], byte[]> first = send(FIRST);
    ProducerRecord<byte[], byte[]> second = send(SECOND);

    // when
    fails(first, new KafkaException("part of a batch with invalid records"));
    fails(second, new InvalidRecordException("no key"));
    fails(first, new InvalidRecordException("the transaction's error"));

    // then
    assertThat(records.find(FIRST)).isNull();
    assertThat(records.find(SECOND)).isNotNull();
  }

  @Test
  void shouldBlameNobodyForAnOutage() {
    fails(send(FIRST), new NotEnoughReplicasException("one of three"));
    fails(send(FIRST), new TopicAuthorizationException("decisions"));

    assertThat(records.find(FIRST)).isNull();
    assertThat(records.anyNoted()).isFalse();
  }
}
