package dev.turnout.streams;

import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RecordLimits;
import dev.turnout.topic.RefusedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what the dead-letter topic refuses for its size, and makes references of dead letters that
 * are as large. A topic may take less than {@link RecordLimits} say, since an operator lowered it;
 * one refused letter aborts a transaction, and the next ones go as references. Works for letters
 * without a source record too, such as that of a grade that waited in vain. After {@link #AGAIN}
 * whole letters are tried once more. Safe for use by several threads.
 */
final class DeadLetterSize {
  static final Duration AGAIN = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterSize.class);
  private static final String PREFIX = "turnout.dlq.";

  private final Clock clock;
  private volatile Limit limit = new Limit(Long.MAX_VALUE, Instant.MAX);

  /** Letters of so many bytes or more are refused, as far as is known, until then. */
  private record Limit(long bytes, Instant until) {}

  DeadLetterSize(Clock clock) {
    this.clock = clock;
  }

  /**
   * Bytes of a record by which letters are compared.
   *
   * @param value bytes of the value; negative if there is none
   */
  static long of(int value, Headers headers) {
    return Math.max(0, value) + RecordLimits.size(headers);
  }

  /**
   * A dead letter was refused for its size.
   *
   * @param size as {@link #of}
   * @param valueless whether it carried no value
   * @return whether a smaller one can be tried; false if it was the smallest there is, so that the
   *     topic takes no dead letters at all
   */
  synchronized boolean refused(long size, boolean valueless) {
    Limit known = limit;
    boolean stale = !clock.instant().isBefore(known.until());
    if (valueless && !stale && size >= known.bytes()) {
      return false;
    }
    if (stale || size < known.bytes()) {
      limit = new Limit(size, clock.instant().plus(AGAIN));
      LOG.atError()
          .setMessage(
              "dead-letter topic refused a dead letter for its size; letters as large go as"
                  + " references. Raise max.message.bytes of the topic")
          .addKeyValue("bytes", size)
          .log();
    }
    return true;
  }

  /** The letter, or a reference to its record if the letter is known to be too large. */
  DeadLetterRecord fit(DeadLetterRecord letter) {
    return fits(letter) ? letter : reference(letter);
  }

  private static DeadLetterRecord reference(DeadLetterRecord letter) {
    if (letter.value() == null) {
      return new DeadLetterRecord(letter.key(), null, ownHeaders(letter.headers()));
    }
    return DeadLetters.reference(
        new RefusedRecord(
            text(letter, DeadLetters.TOPIC, ""),
            Integer.parseInt(text(letter, DeadLetters.PARTITION, "-1")),
            Long.parseLong(text(letter, DeadLetters.OFFSET, "-1")),
            letter.key(),
            letter.value(),
            letter.headers()),
        text(letter, DeadLetters.REASON, ""),
        text(letter, DeadLetters.DETAIL, ""),
        text(letter, DeadLetters.STAGE, ""));
  }

  private boolean fits(DeadLetterRecord letter) {
    Limit known = limit;
    return size(letter) < known.bytes() || !clock.instant().isBefore(known.until());
  }

  private static long size(DeadLetterRecord letter) {
    return of(letter.value() == null ? -1 : letter.value().length, letter.headers());
  }

  private static Headers ownHeaders(Headers all) {
    Headers own = new RecordHeaders();
    for (Header header : all) {
      if (header.key().startsWith(PREFIX)) {
        own.add(header);
      }
    }
    return own;
  }

  private static String text(DeadLetterRecord letter, String key, String missing) {
    Header header = letter.headers().lastHeader(key);
    return header == null || header.value() == null
        ? missing
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** For the sink of dead letters: writes the value, or what {@link #fit} makes of the letter. */
  Serializer<byte[]> serializer() {
    return new Serializer<>() {
      @Override
      public byte @Nullable [] serialize(String topic, byte @Nullable [] value) {
        return value;
      }

      @Override
      public byte @Nullable [] serialize(String topic, Headers headers, byte @Nullable [] value) {
        DeadLetterRecord letter = new DeadLetterRecord(null, value, headers);
        if (fits(letter)) {
          return value;
        }
        DeadLetterRecord reference = reference(letter);
        for (Header header : headers.toArray()) {
          headers.remove(header.key());
        }
        reference.headers().forEach(headers::add);
        return reference.value();
      }
    };
  }
}
