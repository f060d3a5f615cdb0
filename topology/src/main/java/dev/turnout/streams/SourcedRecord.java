package dev.turnout.streams;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to a topic that knows the source record it was made of, until the producer
 * says what became of it. A producer hands an interceptor nothing but the very headers of the
 * record then, so the source is kept beside them, in the object and not in a header.
 */
final class SourcedRecord extends ProducerRecord<byte[], byte[]> {
  private final SourcedHeaders sourced;

  SourcedRecord(ProducerRecord<byte[], byte[]> record, @Nullable SourceRecord source) {
    super(record.topic(), record.partition(), record.timestamp(), record.key(), record.value());
    this.sourced = new SourcedHeaders(record, source);
    // the producer copies headers that may still change when a send fails early
    this.sourced.setReadOnly();
  }

  @Override
  public Headers headers() {
    return sourced;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** The record's headers, with what is needed to say what failed. */
  static final class SourcedHeaders extends RecordHeaders {
    private final @Nullable SourceRecord source;
    private final int valueSize;

    private SourcedHeaders(ProducerRecord<byte[], byte[]> record, @Nullable SourceRecord source) {
      super(record.headers());
      this.source = source;
      this.valueSize = record.value() == null ? -1 : record.value().length;
    }

    /** The record it was made of; null for what a punctuation or a flush of a store sends. */
    @Nullable SourceRecord source() {
      return source;
    }

    /** Bytes of the value; -1 if there is none. */
    int valueSize() {
      return valueSize;
    }
  }
}
