package dev.turnout.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of the dead-letter topic: the refused bytes as they were, with reason and
 * origin in the headers.
 *
 * <p>A dead letter must fit its topic whatever was refused, so each part of a record is carried
 * only up to its {@link RecordLimits}. A key or value beyond it is left out, and of the headers
 * those are kept, in their order, that fit. {@link #OMITTED} says what is missing, and the letter
 * is then a <em>reference</em>: the record itself stands at {@link #TOPIC}, {@link #PARTITION} and
 * {@link #OFFSET} for as long as that topic keeps it. Of a value left out there are its {@link
 * #SIZE}, by which operators see what somebody sent, its {@link #SHA256}, by which a reader knows
 * that it found the same bytes, and its {@link #HEAD}.
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

  /**
   * Header: parts of the record that the letter does not carry, of {@code key}, {@code value} and
   * {@code headers}, with commas between; missing if it carries all.
   */
  public static final String OMITTED = "turnout.dlq.omitted";

  /** Header: bytes of the value that is left out, a decimal number. */
  public static final String SIZE = "turnout.dlq.size";

  /** Header: SHA-256 of the value that is left out, in hexadecimal digits. */
  public static final String SHA256 = "turnout.dlq.sha256";

  /** Header: the first bytes, {@value #LONGEST_HEAD} at most, of the value that is left out. */
  public static final String HEAD = "turnout.dlq.head";

  private static final Set<String> OWN =
      Set.of(REASON, DETAIL, TOPIC, PARTITION, OFFSET, STAGE, OMITTED, SIZE, SHA256, HEAD);
  private static final int LONGEST_HEAD = 1024;
  private static final int LONGEST_DETAIL = 1024;

  private DeadLetters() {}

  /**
   * The dead letter of a record.
   *
   * @param dlq name of the dead-letter topic
   * @param reason one word in capitals, e.g. UNDECODABLE
   * @param detail in words; cut to 1 KiB
   * @param stage which part of Turnout refuses the record, e.g. worker
   */
  public static ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> record,
      String dlq,
      String reason,
      String detail,
      String stage) {
    return of(RefusedRecord.of(record), reason, detail, stage).on(dlq);
  }

  /**
   * The dead letter of a record: with all of it that fits, a reference to the rest.
   *
   * @param reason one word in capitals, e.g. UNDECODABLE
   * @param detail in words; cut to 1 KiB
   * @param stage which part of Turnout refuses the record, e.g. worker
   */
  public static DeadLetterRecord of(
      RefusedRecord record, String reason, String detail, String stage) {
    return letter(
        record, reason, detail, stage, RecordLimits.DEAD_LETTER.value(), RecordLimits.HEADERS);
  }

  /**
   * The smallest dead letter of a record: a reference without its value and headers, for a topic
   * that did not take the whole one.
   *
   * @param reason one word in capitals, e.g. UNDECODABLE
   * @param detail in words; cut to 1 KiB
   * @param stage which part of Turnout refuses the record, e.g. worker
   */
  public static DeadLetterRecord reference(
      RefusedRecord record, String reason, String detail, String stage) {
    return letter(record, reason, detail, stage, 0, 0);
  }

  private static DeadLetterRecord letter(
      RefusedRecord record,
      String reason,
      String detail,
      String stage,
      int mostValue,
      int mostHeaders) {
    List<String> omitted = new ArrayList<>();
    byte[] key = record.key();
    if (key != null && key.length > RecordLimits.KEY) {
      key = null;
      omitted.add("key");
    }
    Headers headers = new RecordHeaders();
    byte[] value = record.value();
    if (value != null && value.length > mostValue) {
      put(headers, SIZE, Integer.toString(value.length));
      put(headers, SHA256, TextDigest.of(value));
      headers.add(HEAD, Arrays.copyOf(value, Math.min(value.length, LONGEST_HEAD)));
      value = null;
      omitted.add("value");
    }
    if (!carried(record.headers(), headers, mostHeaders)) {
      omitted.add("headers");
    }
    put(headers, REASON, reason);
    put(headers, DETAIL, BoundedText.cut(detail, LONGEST_DETAIL));
    put(headers, STAGE, stage);
    put(headers, TOPIC, record.topic());
    if (record.partition() >= 0) {
      put(headers, PARTITION, Integer.toString(record.partition()));
    }
    if (record.offset() >= 0) {
      put(headers, OFFSET, Long.toString(record.offset()));
    }
    if (!omitted.isEmpty()) {
      put(headers, OMITTED, String.join(",", omitted));
    }
    return new DeadLetterRecord(key, value, headers);
  }

  /** Copies a producer's headers as far as they fit; false if some did not. */
  private static boolean carried(Headers from, Headers to, int most) {
    long bytes = 0;
    boolean all = true;
    for (Header header : from) {
      // a record that comes from here already has its letter's headers; a producer may make them up
      if (OWN.contains(header.key())) {
        continue;
      }
      long size = RecordLimits.size(header);
      if (bytes + size > most) {
        all = false;
      } else {
        bytes += size;
        to.add(header);
      }
    }
    return all;
  }

  private static void put(Headers headers, String key, @Nullable String value) {
    headers.add(key, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
  }
}
