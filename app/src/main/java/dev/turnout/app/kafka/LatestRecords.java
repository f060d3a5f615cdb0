package dev.turnout.app.kafka;

import dev.turnout.kafka.CommittedReader;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** What a compacted topic says at this moment. */
public final class LatestRecords {

  private LatestRecords() {}

  /**
   * Reads the topic to its present end.
   *
   * @return the latest value of each key, without those that were removed
   */
  public static <V extends SpecificRecord> Map<String, V> read(
      Class<V> type, String topic, Map<String, Object> client, Map<String, ?> serde) {
    Map<String, V> latest = new TreeMap<>();
    try (Deserializer<V> deserializer = AvroSerdes.of(type, serde).deserializer()) {
      CommittedReader.readAll(
          client,
          topic,
          record -> {
            if (record.key() == null) {
              return;
            }
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
              latest.remove(key);
            } else {
              SkippingDecoder.decode(deserializer, record)
                  .ifPresent(value -> latest.put(key, value));
            }
          });
    }
    return latest;
  }
}
