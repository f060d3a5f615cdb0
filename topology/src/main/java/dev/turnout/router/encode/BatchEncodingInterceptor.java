package dev.turnout.router.encode;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Encodes each polled batch at once, just before {@code poll} returns it to Kafka Streams.
 *
 * <p>Records reach a processor one at a time, but an encoder wants batches. Doing the work at poll
 * granularity keeps exactly-once: offsets come from processed records alone, so a crash merely
 * repeats a pure computation. (A buffer inside the processor would not do: an offset counts as
 * consumed when {@code process} returns.)
 *
 * <p>Returns the very object it was given: a rebuilt {@code ConsumerRecords} would lose the next
 * offsets that Streams commits (KAFKA-17600). Never throws: what cannot be prepared here, the
 * processor does singly. Time spent here counts against {@code max.poll.interval.ms} and the open
 * transaction, so {@code max.poll.records} caps it.
 */
public final class BatchEncodingInterceptor implements ConsumerInterceptor<byte[], byte[]> {
  /** Main consumer configuration key that hands over the live {@link BatchEncoding}. */
  public static final String PREPARATION_CONFIG = "turnout.batch.preparation";

  private BatchEncoding preparation = BatchEncoding.none();

  @Override
  public void configure(Map<String, ?> configs) {
    Object live = configs.get(PREPARATION_CONFIG);
    if (!(live instanceof BatchEncoding handedOver)) {
      throw new IllegalArgumentException(
          "consumer configuration "
              + PREPARATION_CONFIG
              + " must hold the router's batch preparation; the interceptor only works inside"
              + " Router.start");
    }
    preparation = handedOver;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    preparation.prepare(records);
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
