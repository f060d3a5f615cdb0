package dev.turnout.control;

import dev.turnout.kafka.RecordSender;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.FieldLimits;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to a compacted topic, where the latest record of a key is what holds. Every call
 * returns after the broker has acknowledged. Safe for use by several threads.
 *
 * @param <V> the records' type
 */
public final class KeyedPublisher<V extends SpecificRecord> implements AutoCloseable {
  private final String topic;
  private final RecordSender sender;
  private final Serializer<V> serializer;

  /**
   * Opens a publisher.
   *
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param type of the topic's records
   */
  public KeyedPublisher(String topic, Map<String, ?> config, Class<V> type) {
    this.topic = topic;
    this.sender = RecordSender.open(config, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    this.serializer = AvroSerdes.of(type, config).serializer();
  }

  /**
   * Publishes a record.
   *
   * @param value null for a tombstone
   * @param what the record in words, for errors
   * @throws IllegalArgumentException naming the field and its limit, if one is too large
   * @throws org.apache.kafka.common.KafkaException if it could not be published
   */
  public void publish(String key, @Nullable V value, String what) throws InterruptedException {
    String excess = value == null ? null : FieldLimits.excess(value);
    if (excess != null) {
      throw new IllegalArgumentException(what + " is not published: its " + excess);
    }
    RecordSender.await(sender.send(topic, key, serializer, value), what);
  }

  @Override
  public void close() {
    sender.close();
    serializer.close();
  }
}
