package dev.turnout.control;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the records of a topic to its reader, decoded. While the schema registry does not answer it
 * waits, which nobody minds on a follower's thread; a record that is no {@code V} is logged and
 * left out.
 */
public final class RecordDecoder<V> {
  private static final Logger log = LoggerFactory.getLogger(RecordDecoder.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final RetryingDecoder<V> decoder;
  private final TopicListener<V> reader;

  public RecordDecoder(Deserializer<V> deserializer, TopicListener<V> reader) {
    this.decoder = new RetryingDecoder<>(deserializer, PAUSE);
    this.reader = reader;
  }

  /** Decodes one record and has it read. */
  public void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      V value = decoder.decode(record);
      if (value == null) {
        byte[] key = record.key();
        reader.readRemoval(key == null ? null : new String(key, StandardCharsets.UTF_8));
      } else {
        reader.read(value);
      }
    } catch (InterruptException e) {
      throw e; // the follower closes; nothing is wrong with the record
    } catch (RuntimeException e) {
      log.error(
          "record {} of topic {} makes no sense there and is left out",
          record.offset(),
          record.topic(),
          e);
      reader.leftOut();
    }
  }
}
