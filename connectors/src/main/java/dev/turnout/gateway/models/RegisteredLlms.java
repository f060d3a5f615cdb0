package dev.turnout.gateway.models;

import dev.turnout.schema.LlmProfile;
import java.util.Optional;
import java.util.SortedMap;

/** The LLMs that are registered at present. Safe for use by several threads; never blocks. */
public interface RegisteredLlms {

  /** All by id, those that drain among them. */
  SortedMap<String, LlmProfile> all();

  /** One of them. */
  default Optional<LlmProfile> of(String id) {
    return Optional.ofNullable(all().get(id));
  }
}
