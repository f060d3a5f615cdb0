package dev.turnout.router.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.intake.QueryIntake;
import dev.turnout.router.intake.TextCheck;
import dev.turnout.schema.Query;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class BatchEncodingTest {
  private static final String QUERIES = "queries";

  /** A text that no registry can tell the schema of. */
  private static final String OUTAGE = "outage";

  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC);

  private final TinyEncoder encoder = new TinyEncoder();

  private BatchEncodingInterceptor interceptor(Executor threads) {
    BatchEncodingInterceptor interceptor = new BatchEncodingInterceptor();
    interceptor.configure(Map.of(BatchEncodingInterceptor.ENCODING_CONFIG, encoding(threads)));
    return interceptor;
  }

  private BatchEncoding encoding(Executor threads) {
    QueryIntake intake =
        new QueryIntake(
            QUERIES,
            (topic, bytes) -> {
              String text = new String(bytes, StandardCharsets.UTF_8);
              if (text.equals(OUTAGE)) {
                throw new RegistryUnavailableException("down", null);
              }
              return Query.newBuilder().setId(text).setText(text).build();
            },
            new TextCheck(100));
    return new BatchEncoding(QUERIES, intake, encoder, RouterMetrics.unobserved(), CLOCK, threads);
  }

  private static ConsumerRecords<byte[], byte[]> polled(String topic, String... texts) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<ConsumerRecord<byte[], byte[]>> records =
        Arrays.stream(texts)
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .map(value -> new ConsumerRecord<>(topic, 0, 0L, new byte[0], value))
            .toList();
    return new ConsumerRecords<>(
        Map.of(partition, records), Map.of(partition, new OffsetAndMetadata(texts.length)));
  }

  /** The record as the processor's deserializer hands it on. */
  private static PolledQuery deserialized(ConsumerRecord<byte[], byte[]> record) {
    try (PolledQuery.ValueDeserializer deserializer = new PolledQuery.ValueDeserializer()) {
      return deserializer.deserialize(record.topic(), record.headers(), record.value());
    }
  }

  private static List<PolledQuery> deserialized(ConsumerRecords<byte[], byte[]> records) {
    return records.records(new TopicPartition(QUERIES, 0)).stream()
        .map(BatchEncodingTest::deserialized)
        .toList();
  }

  private static EncodedQuery encoded(PolledQuery polled) {
    EncodedQueryHeader header = polled.header();
    if (header == null) {
      throw new AssertionError("not encoded ahead");
    }
    return header.encoded();
  }

  @Test
  void shouldReturnTheVeryBatchItWasGiven() {
    ConsumerRecords<byte[], byte[]> records = polled(QUERIES, "one", "two");

    assertThat(interceptor(Runnable::run).onConsume(records)).isSameAs(records);
  }

  @Test
  void shouldGiveEachQueryItsOwnVectorWithEncoderAndTimes() {
    // given
    ConsumerRecords<byte[], byte[]> records = polled(QUERIES, "one", " ", "two");

    // when
    interceptor(Runnable::run).onConsume(records);

    // then
    List<PolledQuery> polled = deserialized(records);
    EncodedQuery two = encoded(polled.get(2));
    assertThat(encoded(polled.get(0)).embedding()).isEqualTo(TinyEncoder.vector("one"));
    assertThat(two.embedding()).isEqualTo(TinyEncoder.vector("two"));
    assertThat(two.encoderId()).isEqualTo(TinyEncoder.ID.toString());
    assertThat(two.batchSize()).isEqualTo(2);
    assertThat(two.polledAtMillis()).isEqualTo(7);
  }

  @Test
  void shouldLeaveOtherTopicsAlone() {
    // given
    ConsumerRecords<byte[], byte[]> records = polled("elsewhere", "one");

    // when
    interceptor(Runnable::run).onConsume(records);

    // then
    assertThat(records.iterator().next().headers()).isEmpty();
    assertThat(encoder.batches).hasValue(0);
  }

  @Test
  void shouldEncodeWhatWasReadBeforeTheRegistryWentAway() {
    // given
    ConsumerRecords<byte[], byte[]> records = polled(QUERIES, "one", OUTAGE, "two");

    // when
    interceptor(Runnable::run).onConsume(records);

    // then
    List<PolledQuery> polled = deserialized(records);
    assertThat(encoded(polled.get(0)).embedding()).isEqualTo(TinyEncoder.vector("one"));
    assertThat(polled.get(1).header()).isNull();
    assertThat(polled.get(2).header()).isNull();
  }

  @Test
  void shouldLetTheProcessorEncodeWhatNoThreadTakes() {
    // given
    ConsumerRecords<byte[], byte[]> records = polled(QUERIES, "one", "two");
    Executor closed =
        task -> {
          throw new RejectedExecutionException("closed");
        };

    // when
    interceptor(closed).onConsume(records);

    // then together all the same, and once
    List<PolledQuery> polled = deserialized(records);
    assertThat(encoder.batches).hasValue(0);
    assertThat(encoded(polled.get(1)).embedding()).isEqualTo(TinyEncoder.vector("two"));
    assertThat(encoded(polled.get(0)).embedding()).isEqualTo(TinyEncoder.vector("one"));
    assertThat(encoder.batches).hasValue(1);
  }

  @Test
  void shouldEncodeAloneWhenTheBatchFailed() {
    // given
    ConsumerRecords<byte[], byte[]> records = polled(QUERIES, "one", TinyEncoder.POISON);
    BatchEncoding encoding = encoding(Runnable::run);
    encoding.encodeAhead(records);
    Query query = Query.newBuilder().setId("q").setText("one").build();
    Query poison = Query.newBuilder().setId("p\n").setText(TinyEncoder.POISON).build();

    // when
    List<PolledQuery> polled = deserialized(records);
    EncodedQuery alone = encoding.encoded(query, polled.get(0));

    // then
    assertThat(alone.embedding()).isEqualTo(TinyEncoder.vector("one"));
    assertThat(alone.batchSize()).isEqualTo(1);
    assertThat(alone.polledAtMillis()).isEqualTo(7);
    assertThat(encoding.encoded(poison, polled.get(1)).embedding()).isNull();
  }

  @Test
  void shouldStripItsHeaderAndTrustNoneOfAProducer() {
    // given
    ConsumerRecords<byte[], byte[]> records = polled(QUERIES, "one");
    ConsumerRecord<byte[], byte[]> record = records.iterator().next();
    record.headers().add(EncodedQueryHeader.KEY, new byte[] {1});

    // when
    PolledQuery unprepared = deserialized(record);

    // then
    Header left = record.headers().lastHeader(EncodedQueryHeader.KEY);
    assertThat(left).isNull();
    assertThat(unprepared.header()).isNull();
    assertThat(unprepared.raw()).isEqualTo("one".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldOnlyWorkInsideTheRouter() {
    try (BatchEncodingInterceptor interceptor = new BatchEncodingInterceptor()) {
      assertThatThrownBy(() -> interceptor.configure(Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(BatchEncodingInterceptor.ENCODING_CONFIG);
    }
  }
}
