package dev.turnout.control;

import dev.turnout.registry.rest.Outage;
import dev.turnout.topic.FieldLimits;
import java.nio.charset.StandardCharsets;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the records of a topic to its listener, decoded. While the schema registry does not answer
 * or lets nobody in, reading fails: the follower's loop backs off, comes to the same record again,
 * and its state says what it waits for. A record that is no {@code V} is logged and skipped.
 */
public final class RecordDecoder<V> {
  private static final Logger LOG = LoggerFactory.getLogger(RecordDecoder.class);

  private final Deserializer<V> deserializer;
  private final TopicListener<V> listener;

  /**
   * A decoder for one listener.
   *
   * @param deserializer closed by the caller
   */
  public RecordDecoder(Deserializer<V> deserializer, TopicListener<V> listener) {
    this.deserializer = deserializer;
    this.listener = listener;
  }

  /**
   * Decodes one record and hands it over; null is a tombstone.
   *
   * @throws RuntimeException if an outage keeps it from being decoded; to be read again
   */
  public void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      V value = deserializer.deserialize(record.topic(), record.value());
      if (value == null) {
        byte[] key = record.key();
        listener.readTombstone(key == null ? null : new String(key, StandardCharsets.UTF_8));
      } else {
        requireSmall(value);
        listener.read(value);
      }
    } catch (InterruptException e) {
      throw e; // the follower closes; nothing is wrong with the record
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e;
      }
      LOG.atError()
          .setMessage("record skipped: it is invalid on this topic")
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log();
      listener.skipped();
    }
  }

  private static void requireSmall(Object value) {
    String excess = value instanceof IndexedRecord record ? FieldLimits.excess(record) : null;
    if (excess != null) {
      throw new IllegalArgumentException("its " + excess + "; publish it with less in it");
    }
  }
}
