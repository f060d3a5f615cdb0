package dev.turnout.worker.failover;

import dev.turnout.schema.LlmProfile;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker knows of all LLMs at one moment.
 *
 * @param profiles by LLM; without those that were retired
 * @param unavailable those that their workers cannot have answer
 */
record KnownLlms(Map<String, LlmProfile> profiles, Set<String> unavailable) {
  static final KnownLlms NONE = new KnownLlms(Map.of(), Set.of());

  KnownLlms {
    profiles = Map.copyOf(profiles);
    unavailable = Set.copyOf(unavailable);
  }

  @Nullable LlmProfile profile(String llm) {
    return profiles.get(llm);
  }
}
