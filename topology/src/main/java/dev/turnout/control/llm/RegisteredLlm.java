package dev.turnout.control.llm;

import dev.turnout.backlog.LlmTopics;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Priority;
import dev.turnout.topic.TopicCatalogue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One LLM of the directory.
 *
 * @param profile as published
 * @param obstacle why it gets nothing although it may be active, in words: its request topic is
 *     missing; null when there is none
 * @param unavailable why its workers cannot have it answer, in words; null when they can, or
 *     nothing is known of them
 * @param batch whether it has a request topic for batch; without one, as in an installation of
 *     before whose router may not create it, batch requests go where the others go
 */
public record RegisteredLlm(
    LlmProfile profile, @Nullable String obstacle, @Nullable String unavailable, boolean batch) {

  /** One that is available, as far as is known, without a topic for batch. */
  public RegisteredLlm(LlmProfile profile, @Nullable String obstacle) {
    this(profile, obstacle, null, false);
  }

  /** Topic of its requests of a priority. */
  public String topic(Priority priority) {
    return batch ? TopicCatalogue.requestsOf(profile.getTopic(), priority) : profile.getTopic();
  }

  /** Topics of its requests. */
  public LlmTopics topics() {
    return batch
        ? LlmTopics.of(profile.getId(), profile.getTopic())
        : new LlmTopics(profile.getId(), Map.of(Priority.INTERACTIVE, topic(Priority.INTERACTIVE)));
  }

  /** Why this LLM gets nothing new, in words; null when it takes requests. */
  public @Nullable String ineligibleReason() {
    String standing = standingReason();
    return standing == null ? unavailable : standing;
  }

  /** The same were it available. */
  public @Nullable String standingReason() {
    if (profile.getStatus() == LlmStatus.DRAINING) {
      return "draining: it gets nothing new";
    }
    return obstacle;
  }
}
