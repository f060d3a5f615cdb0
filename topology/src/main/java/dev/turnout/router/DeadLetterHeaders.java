package dev.turnout.router;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Writes reason and origin of a refused record into the headers of its dead letter. */
final class DeadLetterHeaders {
  static final String REASON = "turnout.dlq.reason";
  static final String DETAIL = "turnout.dlq.detail";
  static final String TOPIC = "turnout.dlq.topic";
  static final String PARTITION = "turnout.dlq.partition";
  static final String OFFSET = "turnout.dlq.offset";
  static final String STAGE = "turnout.dlq.stage";

  private static final int LONGEST_DETAIL = 1_000;

  private DeadLetterHeaders() {}

  /**
   * The refused record's own headers with reason and origin added.
   *
   * @param stage where in the router the record was refused
   */
  static Headers of(
      Headers original, DeadLetter letter, String topic, int partition, long offset, String stage) {
    Headers headers = new RecordHeaders(original);
    headers.remove(PreparedQuery.KEY);
    put(headers, REASON, letter.reason().name());
    put(headers, DETAIL, cut(letter.detail()));
    put(headers, TOPIC, topic);
    put(headers, PARTITION, Integer.toString(partition));
    put(headers, OFFSET, Long.toString(offset));
    put(headers, STAGE, stage);
    return headers;
  }

  private static String cut(String detail) {
    return detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
  }

  private static void put(Headers headers, String key, String value) {
    headers.remove(key).add(key, value.getBytes(StandardCharsets.UTF_8));
  }
}
