package dev.turnout.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Records for the dead-letter topic: the refused bytes as they were, with reason and origin in the
 * headers.
 */
public final class DeadLetters {

  /** Header: why, one word in capitals. */
  public static final String REASON = "turnout.dlq.reason";

  /** Header: what was found and what would be right, in words. */
  public static final String DETAIL = "turnout.dlq.detail";

  /** Header: topic the record came from. */
  public static final String TOPIC = "turnout.dlq.topic";

  /** Header: partition the record came from. */
  public static final String PARTITION = "turnout.dlq.partition";

  /** Header: offset the record came from. */
  public static final String OFFSET = "turnout.dlq.offset";

  /** Header: which part of Turnout refused the record. */
  public static final String STAGE = "turnout.dlq.stage";

  private static final int LONGEST_DETAIL = 1_000;

  private DeadLetters() {}

  /**
   * The dead letter of a record.
   *
   * @param dlq name of the dead-letter topic
   * @param reason one word in capitals, e.g. UNDECODABLE
   * @param detail in words; cut to 1,000 characters
   * @param stage which part of Turnout refuses the record, e.g. worker
   */
  public static ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> record,
      String dlq,
      String reason,
      String detail,
      String stage) {
    Headers headers =
        headers(
            record.headers(),
            reason,
            detail,
            stage,
            record.topic(),
            record.partition(),
            record.offset());
    return new ProducerRecord<>(dlq, null, record.key(), record.value(), headers);
  }

  /**
   * The headers of a dead letter: those of the refused record, with reason and origin added.
   *
   * @param reason one word in capitals, e.g. UNDECODABLE
   * @param detail in words; cut to 1,000 characters
   * @param stage which part of Turnout refuses the record, e.g. worker
   * @param topic where the record came from
   * @param partition where the record came from; negative if that is not known any more
   * @param offset where the record came from; negative if that is not known any more
   */
  public static Headers headers(
      Headers original,
      String reason,
      String detail,
      String stage,
      String topic,
      int partition,
      long offset) {
    Headers headers = new RecordHeaders(original);
    put(headers, REASON, reason);
    put(headers, DETAIL, cut(detail));
    put(headers, STAGE, stage);
    put(headers, TOPIC, topic);
    if (partition >= 0) {
      put(headers, PARTITION, Integer.toString(partition));
    }
    if (offset >= 0) {
      put(headers, OFFSET, Long.toString(offset));
    }
    return headers;
  }

  private static String cut(String detail) {
    return detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
  }

  private static void put(Headers headers, String key, String value) {
    headers.remove(key).add(key, value.getBytes(StandardCharsets.UTF_8));
  }
}
