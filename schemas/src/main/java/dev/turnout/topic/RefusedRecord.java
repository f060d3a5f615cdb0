package dev.turnout.topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record that somebody could not use, and where it was.
 *
 * @param topic where it came from
 * @param partition where it came from; negative if that is not known any more
 * @param offset where it came from; negative if that is not known any more
 * @param key as it was published
 * @param value as it was published
 * @param headers the producer's; left as they are
 */
public record RefusedRecord(
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {

  /** As a consumer got it. */
  public static RefusedRecord of(ConsumerRecord<byte[], byte[]> record) {
    return new RefusedRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        record.value(),
        record.headers());
  }
}
