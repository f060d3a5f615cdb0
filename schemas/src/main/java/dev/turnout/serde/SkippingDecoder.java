package dev.turnout.serde;

import dev.turnout.registry.rest.Outage;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes records of which one that nobody can read must not hide the rest. */
public final class SkippingDecoder {

  private static final Logger LOG = LoggerFactory.getLogger(SkippingDecoder.class);

  private SkippingDecoder() {}

  /**
   * The record's value.
   *
   * @return empty for a tombstone, and with a warning for what is unreadable for good
   * @throws RuntimeException if the registry is away: the record may be read another time
   */
  public static <V> Optional<V> decode(
      Deserializer<V> deserializer, ConsumerRecord<byte[], byte[]> record) {
    try {
      return record.value() == null
          ? Optional.empty()
          : Optional.ofNullable(deserializer.deserialize(record.topic(), record.value()));
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure;
      }
      LOG.atWarn()
          .setMessage("record cannot be read and is left out")
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(failure)
          .log();
      return Optional.empty();
    }
  }
}
