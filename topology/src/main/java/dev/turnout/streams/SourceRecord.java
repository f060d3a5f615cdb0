package dev.turnout.streams;

import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record of a source topic, by where it is. Its size tells it from another record that came to
 * the same place because the topic was made anew.
 *
 * @param size bytes of the value; -1 for a tombstone
 */
record SourceRecord(String topic, int partition, long offset, int size) {

  /** The record that is processed at this moment; null if none is, as in a punctuation. */
  static @Nullable SourceRecord of(Optional<RecordMetadata> metadata, byte @Nullable [] value) {
    RecordMetadata record = metadata.orElse(null);
    if (record == null || record.topic() == null || record.offset() < 0) {
      return null;
    }
    return new SourceRecord(
        record.topic(), record.partition(), record.offset(), value == null ? -1 : value.length);
  }

  /** Whether it is this record or one behind it in the same partition. */
  boolean isAtOrBehind(SourceRecord other) {
    return partition == other.partition && offset >= other.offset && topic.equals(other.topic);
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
