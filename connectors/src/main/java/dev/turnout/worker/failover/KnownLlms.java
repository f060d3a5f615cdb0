package dev.turnout.worker.failover;

import dev.turnout.availability.Unavailable;
import dev.turnout.schema.LlmProfile;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

  /**
   * Of what workers say.
   *
   * @param found LLMs that cannot answer, unless their profile says otherwise
   */
  static KnownLlms of(Map<String, LlmProfile> profiles, Map<String, Unavailable> found) {
    return new KnownLlms(
        profiles,
        found.entrySet().stream()
            .filter(each -> each.getValue().holdsFor(profiles.get(each.getKey())))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()));
  }

  @Nullable LlmProfile profile(String llm) {
    return profiles.get(llm);
  }
}
