package dev.turnout.dlq;

import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TextDigest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it stands on its topic.
 *
 * @param record as it was read
 * @param state what has become of it so far
 */
public record Letter(ConsumerRecord<byte[], byte[]> record, DeadLetterState state) {

  /**
   * Where the refused record was.
   *
   * @param offset at least 0
   */
  public record Origin(String topic, int partition, long offset) {
    @Override
    public String toString() {
      return topic + " " + partition + ":" + offset;
    }
  }

  public LetterPosition position() {
    return new LetterPosition(record.partition(), record.offset());
  }

  public Instant when() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  /** One word in capitals; empty if the record names none, as one that is not ours. */
  public String reason() {
    return text(DeadLetters.REASON);
  }

  public String detail() {
    return text(DeadLetters.DETAIL);
  }

  public String stage() {
    return text(DeadLetters.STAGE);
  }

  /** Topic of the refused record; empty if the letter does not say. */
  public String topic() {
    return text(DeadLetters.TOPIC);
  }

  /** Where the refused record was, if that is known to the offset. */
  public Optional<Origin> origin() {
    long partition = number(DeadLetters.PARTITION);
    long offset = number(DeadLetters.OFFSET);
    return topic().isEmpty() || partition < 0 || partition > Integer.MAX_VALUE || offset < 0
        ? Optional.empty()
        : Optional.of(new Origin(topic(), (int) partition, offset));
  }

  /** Parts of the refused record that the letter does not carry: key, value, headers. */
  public Set<String> omitted() {
    String parts = text(DeadLetters.OMITTED);
    return parts.isEmpty() ? Set.of() : Set.of(parts.split(",", -1));
  }

  /** Bytes of the refused value, whether or not the letter carries them. */
  public long size() {
    byte[] value = record.value();
    return value == null ? Math.max(0, number(DeadLetters.SIZE)) : value.length;
  }

  /** The first bytes of a value that is left out; null if there is none. */
  public byte @Nullable [] head() {
    Header header = record.headers().lastHeader(DeadLetters.HEAD);
    return header == null ? null : header.value();
  }

  /** How often the refused record had been replayed before. */
  public long replays() {
    return Math.max(0, number(DeadLetterMark.REPLAYS));
  }

  /** SHA-256 of the refused value in hexadecimal digits, or {@code null} of none. */
  public String digest() {
    String stated = text(DeadLetters.SHA256);
    return record.value() == null && !stated.isEmpty() ? stated : digest(record.value());
  }

  /** Which record was refused, the same in every letter of it; empty if that is not known. */
  public Optional<String> refused() {
    return origin()
        .map(at -> DeadLetterMark.record(at.topic(), at.partition(), at.offset(), digest()));
  }

  /** The headers that the refused record's producer gave it, as far as the letter carries them. */
  public Headers producerHeaders() {
    return withoutOurs(record.headers());
  }

  static Headers withoutOurs(Headers all) {
    Headers headers = new RecordHeaders();
    for (Header header : all) {
      if (!header.key().startsWith(DeadLetterMark.PREFIX)) {
        headers.add(header);
      }
    }
    return headers;
  }

  /** SHA-256 of a value in hexadecimal digits, or {@code null} of none. */
  static String digest(byte @Nullable [] value) {
    return value == null ? "null" : TextDigest.of(value);
  }

  private String text(String key) {
    Header header = record.headers().lastHeader(key);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private long number(String key) {
    try {
      return Long.parseLong(text(key));
    } catch (NumberFormatException none) {
      return -1;
    }
  }
}
