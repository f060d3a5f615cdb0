package dev.turnout.topic;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it goes to its topic.
 *
 * @param key the refused record's; null if it had none or one that is too large
 * @param value the refused record's; null if it had none or one that is too large
 * @param headers the refused record's as far as they fit, with reason and origin
 */
public record DeadLetterRecord(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {

  /**
   * For a producer.
   *
   * @param dlq name of the dead-letter topic
   */
  public ProducerRecord<byte[], byte[]> on(String dlq) {
    return new ProducerRecord<>(dlq, null, key, value, headers);
  }

  /**
   * For a producer, with the time that the refused record had.
   *
   * @param dlq name of the dead-letter topic
   * @param timestamp epoch milliseconds
   */
  public ProducerRecord<byte[], byte[]> on(String dlq, long timestamp) {
    // a record without a timestamp says so by a negative one, which no producer takes
    return new ProducerRecord<>(dlq, null, timestamp < 0 ? null : timestamp, key, value, headers);
  }
}
