package dev.turnout.app.kafka;

import dev.turnout.schema.LlmProfile;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;

/** The LLMs as the profiles' topic says at this moment. */
public final class LlmProfiles {

  private LlmProfiles() {}

  /** Reads the topic to its present end; retired LLMs are not in the result, which is by id. */
  public static Map<String, LlmProfile> read(
      String topic, Map<String, Object> client, Map<String, ?> serde) {
    Map<String, LlmProfile> profiles = new TreeMap<>();
    try (Deserializer<LlmProfile> deserializer =
        AvroSerdes.of(LlmProfile.class, serde).deserializer()) {
      CommittedReader.readAll(
          client,
          topic,
          record -> {
            String id = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
              profiles.remove(id);
            } else {
              profiles.put(id, deserializer.deserialize(topic, record.value()));
            }
          });
    }
    return profiles;
  }
}
