package dev.turnout.app.kafka;

import dev.turnout.schema.LlmProfile;
import java.util.Map;

/** The LLMs as the profiles' topic says at this moment. */
public final class LlmProfiles {

  private LlmProfiles() {}

  /** Reads the topic to its present end; retired LLMs are not in the result, which is by id. */
  public static Map<String, LlmProfile> read(
      String topic, Map<String, Object> client, Map<String, ?> serde) {
    return LatestRecords.read(LlmProfile.class, topic, client, serde);
  }
}
