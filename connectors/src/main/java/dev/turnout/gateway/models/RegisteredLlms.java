package dev.turnout.gateway.models;

import dev.turnout.backlog.LlmTopics;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The LLMs that are registered at present. Safe for use by several threads; never blocks. */
public interface RegisteredLlms {

  /** All by id, those that drain among them. */
  SortedMap<String, LlmProfile> all();

  /** Where those that take new requests have them from. */
  default List<LlmTopics> requestTopics() {
    return all().values().stream()
        .filter(profile -> profile.getStatus() == LlmStatus.ACTIVE)
        .map(profile -> LlmTopics.of(profile.getId(), profile.getTopic()))
        .toList();
  }

  /** One of them. */
  default Optional<LlmProfile> of(String id) {
    return Optional.ofNullable(all().get(id));
  }
}
