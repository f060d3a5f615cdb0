package dev.turnout.control.llm;

import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import org.jspecify.annotations.Nullable;

/**
 * One LLM of the directory.
 *
 * @param profile as published
 * @param obstacle why it gets nothing although it may be active, in words: its request topic is
 *     missing; null when there is none
 */
public record RegisteredLlm(LlmProfile profile, @Nullable String obstacle) {

  /** Why this LLM gets nothing new, in words; null when it takes requests. */
  public @Nullable String ineligibleReason() {
    if (profile.getStatus() == LlmStatus.DRAINING) {
      return "draining: it gets nothing new";
    }
    return obstacle;
  }
}
